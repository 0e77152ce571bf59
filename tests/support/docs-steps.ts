import { allBlocksOf, type Block } from "./markdown.ts";

/** A command that a page tells its reader to type. */
export interface DocStep {
  readonly command: string;
  /** What the page says that it ends with. */
  readonly exitCode: number;
  /** Lines that it prints, in this order; `…` stands for anything. */
  readonly output: readonly string[];
  readonly line: number;
}

const EXIT_CODE = /\s+# exit code (\d+)$/;

/** In a clone, `pnpm revka` is the command. */
const IN_A_CLONE = /^pnpm revka /;

/** The commands of a page, from its `sh` blocks (one a line) and its `console` blocks (after `$`, with what they print). */
export function stepsOf(page: string): readonly DocStep[] {
  return allBlocksOf(page).flatMap((block) => (block.language === "sh" ? shellSteps(block) : block.language === "console" ? consoleSteps(block) : []));
}

function shellSteps({ text, line }: Block): DocStep[] {
  return text.split("\n").flatMap((command, index) => (isCommand(command) ? [toStep(command, line + index)] : []));
}

function isCommand(text: string): boolean {
  return text.trim() !== "" && !text.trimStart().startsWith("#");
}

function consoleSteps({ text, line }: Block): DocStep[] {
  const steps: DocStep[] = [];
  for (const [index, row] of text.split("\n").entries()) {
    if (row.startsWith("$ ")) steps.push(toStep(row.slice(2), line + index));
    else if (row.trim() !== "") {
      const last = steps.pop();
      if (last === undefined) throw new RangeError(`Line ${line + index}: a console block begins with a command`);
      steps.push({ ...last, output: [...last.output, row.trim()] });
    }
  }
  return steps;
}

function toStep(text: string, line: number): DocStep {
  const exitCode = Number(EXIT_CODE.exec(text)?.[1] ?? 0);
  return { command: text.replace(EXIT_CODE, "").replace(/\s+# .*$/, "").replace(IN_A_CLONE, "revka ").trim(), exitCode, output: [], line };
}

/** The first of the expected lines that `printed` does not hold after the one before it; undefined when all are there. */
export function firstMissing(expected: readonly string[], printed: string): string | undefined {
  const rows = printed.split("\n").map((row) => row.trim());
  let from = 0;
  for (const wanted of expected) {
    if (wanted === "…") continue;
    const pattern = new RegExp(`^${wanted.split("…").map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")).join(".*")}$`);
    const found = rows.findIndex((row, index) => index >= from && pattern.test(row));
    if (found === -1) return wanted;
    from = found + 1;
  }
  return undefined;
}
