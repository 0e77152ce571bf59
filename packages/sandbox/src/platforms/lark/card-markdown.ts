/** A line such as `|---|:--:|`. */
const DELIMITER = /^\s{0,3}\|?(?:\s*:?-+:?\s*\|)+(?:\s*:?-+:?\s*)?$/;
const FENCE = /^\s{0,3}(`{3,}|~{3,})/;
const IMAGE = /!\[[^\]]*\]\(\s*<?([^)\s>]*)>?[^)]*\)/g;

/** How many tables a markdown text holds, those in fences apart. */
export function countTables(markdown: string): number {
  const lines = outsideFences(markdown);
  return lines.filter((line, index) => DELIMITER.test(line) && line.includes("|") && (lines[index - 1] ?? "").includes("|")).length;
}

/** Where the images of a markdown text come from, those in code apart. */
export function imagesOf(markdown: string): readonly string[] {
  const text = outsideFences(markdown).join("\n").replaceAll(/(`+)[\s\S]*?\1/g, "");
  return [...text.matchAll(IMAGE)].map(([, source = ""]) => source);
}

function outsideFences(markdown: string): readonly string[] {
  let fence: string | undefined;
  return markdown.split("\n").filter((line) => {
    const mark = FENCE.exec(line)?.[1];
    if (fence === undefined) {
      fence = mark;
      return mark === undefined;
    }
    if (mark?.startsWith(fence) === true && line.trim() === mark) fence = undefined;
    return false;
  });
}
