import { existsSync, statSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { PAGES, readPage } from "./support/markdown.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const ALL = [...PAGES, "CONTRIBUTING.md"];

/** A page without what is code: samples hold brackets of their own. */
function prose(page: string): string {
  return readPage(page).replaceAll(/^ *```[\s\S]*?^ *```/gm, "").replaceAll(/`[^`\n]*`/g, "");
}

/** The names that GitHub gives a page's headings. */
function anchorsOf(page: string): ReadonlySet<string> {
  const headings = [...readPage(page).replaceAll(/^ *```[\s\S]*?^ *```/gm, "").matchAll(/^#{1,6} +(.+)$/gm)].map(([, title = ""]) => title);
  return new Set(headings.map((title) => title.toLowerCase().replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1").replaceAll(/[^\p{L}\p{N}\s_-]/gu, "").trim().replaceAll(/\s/g, "-")));
}

function problemOf(page: string, target: string): string | undefined {
  const [path = "", anchor] = target.split("#");
  const file = path === "" ? page : relative(root, join(root, dirname(page), path));
  if (!existsSync(join(root, file))) return `${page}: ${target} leads nowhere`;
  if (anchor === undefined || statSync(join(root, file)).isDirectory()) return undefined;
  return anchorsOf(file).has(anchor) ? undefined : `${page}: ${file} has no heading #${anchor}`;
}

describe("the links of the documentation", () => {
  it.each(ALL)("lead somewhere: %s", (page) => {
    const targets = [...prose(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = ""]) => target).filter((target) => !/^(?:https?|mailto):/.test(target));
    expect(targets.map((target) => problemOf(page, target)).filter((problem) => problem !== undefined)).toEqual([]);
  });

  it("reach every guide and every channel's page from the index", () => {
    const index = prose("docs/README.md");
    const unlinked = PAGES.filter((page) => /^docs\/(?:guides|channels)\//.test(page)).filter((page) => !index.includes(`](${relative("docs", page)}`));
    expect(unlinked).toEqual([]);
  });
});
