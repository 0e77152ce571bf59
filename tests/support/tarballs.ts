import { readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { mustRun } from "./run.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Folders of everything that is published, below the project's root. */
export const PUBLISHED: readonly string[] = [...readdirSync(join(root, "packages")).map((name) => `packages/${name}`), "apps/gateway"];

/** Builds the packages and packs each into `folder`; gives the tarballs' paths by package name. */
export async function packAll(folder: string): Promise<ReadonlyMap<string, string>> {
  await mustRun("pnpm", ["exec", "turbo", "run", "build", "--output-logs=errors-only"], { cwd: root });
  const tarballs = new Map<string, string>();
  for (const path of PUBLISHED) {
    const packed = JSON.parse(await mustRun("pnpm", ["pack", "--json", "--pack-destination", folder], { cwd: join(root, path) })) as { name: string; filename: string };
    tarballs.set(packed.name, packed.filename);
  }
  return tarballs;
}
