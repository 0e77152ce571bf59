import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { mochatDefinition } from "@revka/channel-mochat/definition";
import { wecomDefinition } from "@revka/channel-wecom/definition";
import type { ImportModule } from "../load-definition.ts";
import type { Environment } from "./environment.ts";
import { loadConfig } from "./load.ts";
import type { LoadedConfig } from "./loaded-config.ts";

/** A home folder that goes when it is disposed. */
export interface TestHome extends Disposable {
  readonly path: string;
  /** Writes a file below it, for its owner alone. @returns its absolute path. */
  write(name: string, text: string, mode?: number): string;
}

/** An empty home folder. */
export function createTestHome(): TestHome {
  const path = mkdtempSync(join(tmpdir(), "revka-home-"));
  return {
    path,
    write(name, text, mode = 0o600) {
      const file = join(path, name);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text, { mode });
      return file;
    },
    [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }),
  };
}

/** The error that Node throws for a package that is not there. */
export function packageNotFound(name: string): Error {
  return Object.assign(new Error(`Cannot find package '${name}' imported from /opt/revka/dist/cli.js`), { code: "ERR_MODULE_NOT_FOUND" });
}

/** Finds the two packages of this release, and whatever a test adds. */
export function importing(modules: Readonly<Record<string, unknown>> = {}): ImportModule {
  const all: Record<string, unknown> = {
    "@revka/channel-mochat/definition": { mochatDefinition },
    "@revka/channel-wecom/definition": { wecomDefinition },
    ...modules,
  };
  return (specifier) => {
    const found = all[specifier];
    if (found instanceof Error) return Promise.reject(found);
    return found === undefined ? Promise.reject(packageNotFound(specifier.replace(/\/definition$/, ""))) : Promise.resolve(found);
  };
}

/** What is there beside the file. */
export interface LoadedText {
  readonly environment?: Environment;
  readonly files?: Readonly<Record<string, string>>;
  readonly modules?: Readonly<Record<string, unknown>>;
}

/** Loads `text` as `~/.revka/config.toml`; `undefined` is no file at all. Further files are named from the home folder. */
export async function loadText(text: string | undefined, { environment = {}, files = {}, modules = {} }: LoadedText = {}): Promise<LoadedConfig> {
  using home = createTestHome();
  if (text !== undefined) home.write(".revka/config.toml", text);
  for (const [name, content] of Object.entries(files)) home.write(name, content);
  return await loadConfig({ environment, home: home.path, importModule: importing(modules), programPath: "/opt/revka/dist/cli.js" });
}

/** A valid Mochat section, with further lines. */
export function mochatSection(...lines: readonly string[]): string {
  const keys = ['api_url = "https://mochat.example.com/"', 'api_token = "mochat-api-token"'];
  return ["[channels_config.mochat]", ...keys.filter((key) => !lines.some((line) => line.split(" ")[0] === key.split(" ")[0])), ...lines, ""].join("\n");
}
