import { createRequire } from "node:module";
import { describe, expect, it } from "vitest";
import { createTestHome, type TestHome } from "./config/config-folder.test-support.ts";
import { loadDefinition, type ImportModule } from "./load-definition.ts";

const DEFINITION = "export const d = { sections: [{ name: 'x', fields: [], schema: {} }], create: async () => ({ channels: [], warnings: [] }) };";

/** Packages as they lie on disk, imported by Node itself: its errors are what this is about. */
function installed(home: TestHome, packages: Readonly<Record<string, string>>): ImportModule {
  for (const [name, source] of Object.entries(packages)) {
    home.write(`node_modules/${name}/package.json`, JSON.stringify({ name, type: "module", exports: { "./definition": "./definition.js" } }));
    home.write(`node_modules/${name}/definition.js`, source);
  }
  const loader = home.write("loader.cjs", "module.exports = (specifier) => import(specifier);");
  return createRequire(loader)(loader) as ImportModule;
}

describe("loadDefinition", () => {
  it("finds the definition, whatever its name", async () => {
    using home = createTestHome();
    const load = installed(home, { "@x/channel": `export const other = 5;\n${DEFINITION}` });
    expect(await loadDefinition("@x/channel", load)).toMatchObject({ kind: "loaded", definition: { sections: [{ name: "x" }] } });
  });

  it("takes a package for missing only when exactly that package is not found (GW-44)", async () => {
    using home = createTestHome();
    const load = installed(home, { "@x/other": DEFINITION });
    expect(await loadDefinition("@x/channel", load)).toEqual({ kind: "missing" });
  });

  it.each([
    ["one of its own packages is missing", "import '@x/missing-dependency';", "Cannot find package '@x/missing-dependency'"],
    ["a package whose name goes on differently is missing", "import '@x/channel-more';", "Cannot find package '@x/channel-more'"],
    ["one of its own files is missing", "import './gone.js';", "Cannot find module"],
    ["it throws while it loads", "throw new RangeError('bad day');", "bad day"],
    ["it cannot be parsed", "export const = ;", "Unexpected token"],
    ["it exports no definition", "export const d = { sections: [] };", "@x/channel/definition exports no channel definition"],
  ])("takes it for broken, with the cause, when %s (GW-44)", async (_title, source, message) => {
    using home = createTestHome();
    const load = installed(home, { "@x/channel": source });
    const loaded = await loadDefinition("@x/channel", load);
    expect(loaded).toMatchObject({ kind: "broken", error: { message: expect.stringContaining(message) as string } });
  });

  it("takes a package without a definition for broken", async () => {
    using home = createTestHome();
    const load = installed(home, {});
    home.write("node_modules/@x/channel/package.json", JSON.stringify({ name: "@x/channel", exports: { ".": "./index.js" } }));
    expect(await loadDefinition("@x/channel", load)).toMatchObject({ kind: "broken", error: { code: "ERR_PACKAGE_PATH_NOT_EXPORTED" } });
  });
});
