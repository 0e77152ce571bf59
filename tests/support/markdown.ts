import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Every page that is for people who use what we make; protocols and decisions are for those who work on it. */
export const PAGES: readonly string[] = globSync(["README*.md", "apps/*/README.md", "packages/*/README.md", "docs/*.md", "docs/{guides,channels}/*.md"], { cwd: root }).toSorted();

/** A fenced block, without the indentation that a list gives it. */
export interface Block {
  readonly language: string;
  readonly text: string;
  /** Of its first line, from 1. */
  readonly line: number;
}

/** The text of a page. */
export function readPage(page: string): string {
  return readFileSync(`${root}${page}`, "utf8");
}

/** The fenced blocks of a page, in their order. */
export function allBlocksOf(page: string): readonly Block[] {
  const text = readPage(page);
  return [...text.matchAll(/^( *)```(\w*)\n([\s\S]*?)^ *```/gm)].map(({ 1: indent = "", 2: language = "", 3: body = "", index }) => ({
    language,
    text: body.replaceAll(new RegExp(`^${indent}`, "gm"), ""),
    line: text.slice(0, index).split("\n").length + 1,
  }));
}

/** The fenced blocks of one language. */
export function blocksOf(page: string, language: string): string[] {
  return allBlocksOf(page).filter((block) => block.language === language).map(({ text }) => text);
}
