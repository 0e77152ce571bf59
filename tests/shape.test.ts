import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const CHANNELS = readdirSync(join(root, "packages")).filter((name) => name.startsWith("channel-"));
const PACKAGES = [...readdirSync(join(root, "packages")).map((name) => `packages/${name}`), "apps/gateway"];

/** The roles every channel has; a file per role, the same name everywhere. */
const ROLES = ["index.ts", "definition.ts", "config.ts", "channel.ts", "receive.ts", "outbound.ts", "api.ts", "errors.ts", "limits.ts"];

interface Manifest {
  readonly name: string;
  readonly type?: string;
  readonly license?: string;
  readonly engines?: { readonly node?: string };
  readonly exports: Readonly<Record<string, unknown>>;
  readonly publishConfig?: { readonly exports?: Readonly<Record<string, unknown>> };
  readonly dependencies?: Readonly<Record<string, string>>;
}

function manifestOf(folder: string): Manifest {
  return JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8")) as Manifest;
}

function sourcesOf(folder: string): { path: string; text: string }[] {
  return readdirSync(join(root, folder, "src"), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ path: path.slice(root.length), text: readFileSync(path, "utf8") }));
}

const isTest = (path: string): boolean => /\.(test|test-d|test-support)\.ts$/.test(path) || path.includes("/fixtures/");

function importsOf(text: string): string[] {
  return [...text.matchAll(/(?:from|import)\s*\(?\s*"([^"]+)"/g)].map((match) => match[1] ?? "");
}

describe.each(CHANNELS)("the shape of %s", (channel) => {
  const folder = `packages/${channel}`;
  const pascal = channel.slice("channel-".length).replace(/^./, (letter) => letter.toUpperCase());

  it.each(ROLES)("has its %s", (file) => {
    expect(existsSync(join(root, folder, "src", file))).toBe(true);
  });

  it("exports its factory, its definition and its config type", () => {
    const index = readFileSync(join(root, folder, "src/index.ts"), "utf8");
    expect(index).toContain(`create${pascal}Channel`);
    expect(index).toContain(`${pascal.toLowerCase()}Definition`);
    expect(index).toContain(`${pascal}Config`);
    expect(index.split("\n").length).toBeLessThan(30);
  });

  it("depends on core and the named libraries only", () => {
    const allowed = ["@revka/core", "valibot", "ky", "ws"];
    expect(Object.keys(manifestOf(folder).dependencies ?? {}).filter((name) => !allowed.includes(name))).toEqual([]);
  });

  it("knows neither the sandbox nor another channel", () => {
    const foreign = sourcesOf(folder)
      .flatMap(({ path, text }) => importsOf(text).map((name) => ({ path, name })))
      .filter(({ name }) => name.startsWith("@revka/") && !name.startsWith("@revka/core"));
    expect(foreign).toEqual([]);
  });

  it("keeps its channel off the definition's static imports, so that reading it stays light", () => {
    const definition = readFileSync(join(root, folder, "src/definition.ts"), "utf8");
    expect(definition).not.toMatch(/^import (?!type)[^;]*"\.\/(channel|api|receive)\.ts"/m);
  });
});

describe.each(PACKAGES)("the package %s", (folder) => {
  const manifest = manifestOf(folder);

  it("is ESM with one exports map, repeated for publishing without the source condition", () => {
    expect(manifest.type).toBe("module");
    expect(manifest.license).toBe("MIT");
    expect(manifest.engines?.node).toBe(folder === "apps/gateway" ? ">=24" : ">=22.19");
    expect(Object.keys(manifest.publishConfig?.exports ?? {})).toEqual(Object.keys(manifest.exports));
    expect(JSON.stringify(manifest.publishConfig)).not.toContain("@revka/source");
  });

  it("has a README and a licence", () => {
    expect(existsSync(join(root, folder, "README.md"))).toBe(true);
    expect(existsSync(join(root, folder, "LICENSE"))).toBe(true);
  });

  it("names every file after an idea", () => {
    const vague = sourcesOf(folder).filter(({ path }) => /\/(utils?|helpers?|types|misc|common)\.ts$/.test(path));
    expect(vague.map(({ path }) => path)).toEqual([]);
  });
});

describe("the direction of dependencies", () => {
  it("lets core know nobody", () => {
    const foreign = sourcesOf("packages/core").flatMap(({ text }) => importsOf(text)).filter((name) => name.startsWith("@revka/"));
    expect(foreign).toEqual([]);
  });

  it("lets the sandbox know nobody, so that neither side hides the other's mistake", () => {
    const foreign = sourcesOf("packages/sandbox").flatMap(({ text }) => importsOf(text)).filter((name) => name.startsWith("@revka/"));
    expect(foreign).toEqual([]);
  });

  it("keeps channel names out of the gateway, but for its registry", () => {
    const names = /\b(lark|feishu|dingtalk|wecom|qq|mochat)\b/i;
    const knowing = sourcesOf("apps/gateway").filter(({ path, text }) => !isTest(path) && !path.endsWith("/registry.ts") && names.test(withoutComments(text)));
    expect(knowing.map(({ path }) => path)).toEqual([]);
  });
});

function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\//g, "").replaceAll(/(^|\s)\/\/.*$/gm, "");
}
