import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Every page that people read first. */
export const PAGES: readonly string[] = [
  "README.md",
  "apps/gateway/README.md",
  "packages/core/README.md",
  "packages/sandbox/README.md",
  "packages/channel-dingtalk/README.md",
  "packages/channel-lark/README.md",
  "packages/channel-mochat/README.md",
  "packages/channel-qq/README.md",
  "packages/channel-wecom/README.md",
];

/** The text of a page. */
export function readPage(page: string): string {
  return readFileSync(`${root}${page}`, "utf8");
}

/** The fenced blocks of one language, without the indentation that a list gives them. */
export function blocksOf(page: string, language: string): string[] {
  const fence = new RegExp(`^( *)\`\`\`${language}\\n([\\s\\S]*?)^ *\`\`\``, "gm");
  return [...readPage(page).matchAll(fence)].map(([, indent = "", body = ""]) => body.replaceAll(new RegExp(`^${indent}`, "gm"), ""));
}
