import type { Options } from "tsup";

/** The build every package shares: ESM and declarations, nothing bundled from the workspace. */
export function createTsupConfig(overrides: Options = {}): Options {
  return {
    entry: ["src/index.ts"],
    format: ["esm"],
    dts: true,
    clean: true,
    sourcemap: true,
    target: "node22",
    // Else `node:sqlite` becomes `sqlite`, which Node does not know.
    removeNodeProtocol: false,
    ...overrides,
  };
}
