import { readFileSync } from "node:fs";
import { loadDefinition, type ImportModule } from "./load-definition.ts";
import { KNOWN_CHANNELS } from "./registry.ts";

/** This package's version, from its package.json. */
export function readVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
  const hasVersion = typeof manifest === "object" && manifest !== null && "version" in manifest;
  return hasVersion ? String(manifest.version) : "unknown";
}

/** What `--version` prints: the versions of revka and Node, and which channel packages are here. */
export async function describeVersion(importModule: ImportModule): Promise<string> {
  const packages = [...new Set(KNOWN_CHANNELS.map(({ packageName }) => packageName))];
  const words = { loaded: "installed", missing: "not installed", broken: "does not load" };
  const lines = packages.map(async (name) => `  ${name.padEnd(24)} ${words[(await loadDefinition(name, importModule)).kind]}`);
  return [`revka ${readVersion()} (Node ${process.version})`, ...(await Promise.all(lines))].join("\n");
}
