import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import ts from "typescript";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** A text as it stands in a source: the pieces of a template around its placeholders; of a plain string, one. */
export type SourceText = readonly string[];

/** Every file that is shipped, parsed. */
export function parseSources(): readonly ts.SourceFile[] {
  const files = globSync(["packages/*/src/**/*.ts", "apps/gateway/src/**/*.ts"], { cwd: root }).filter((file) => !/\.(?:test|test-d|test-support)\.ts$/.test(file));
  return files.map((file) => ts.createSourceFile(file, readFileSync(`${root}${file}`, "utf8"), ts.ScriptTarget.Latest, true));
}

/** Every string and template below a node, those inside of templates as well. */
export function textsIn(node: ts.Node): readonly SourceText[] {
  const texts: SourceText[] = [];
  const visit = (child: ts.Node): void => {
    if (ts.isStringLiteralLike(child) || ts.isTemplateExpression(child)) texts.push(textOf(child));
    ts.forEachChild(child, visit);
  };
  visit(node);
  return texts;
}

/** What a logger is told at warn or error, where it stands in the call itself. */
export function loggedTroubles(source: ts.SourceFile): readonly SourceText[] {
  const texts: SourceText[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && isTrouble(node.expression)) texts.push(...wholeTexts(node.arguments[1]));
    ts.forEachChild(node, visit);
  };
  visit(source);
  return texts;
}

/** The text that a sentence is, or the texts that it may be. */
function wholeTexts(sentence: ts.Expression | undefined): readonly SourceText[] {
  if (sentence === undefined) return [];
  if (ts.isConditionalExpression(sentence)) return [...wholeTexts(sentence.whenTrue), ...wholeTexts(sentence.whenFalse)];
  return ts.isStringLiteralLike(sentence) || ts.isTemplateExpression(sentence) ? [textOf(sentence)] : [];
}

function textOf(node: ts.StringLiteralLike | ts.TemplateExpression): SourceText {
  return ts.isTemplateExpression(node) ? [node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)] : [node.text];
}

function isTrouble(callee: ts.Expression): boolean {
  if (ts.isPropertyAccessExpression(callee)) return /logger$/i.test(callee.expression.getText()) && /^(?:warn|error)$/.test(callee.name.text);
  return ts.isElementAccessExpression(callee) && /logger$/i.test(callee.expression.getText()) && /warn|error|level/.test(callee.argumentExpression.getText());
}

/**
 * Whether a phrase is what a text says. `…` in the phrase stands for anything. The phrase may be a part of the text, or
 * the text with its placeholders filled in, each by one of the `fillers`.
 */
export function isSaidBy(phrase: string, text: SourceText, fillers: ReadonlySet<string>): boolean {
  return isPartOf(phrase, text) || isFilledIn(phrase, text, fillers);
}

function isPartOf(phrase: string, text: SourceText): boolean {
  const fragments = phrase.split("…").map((part) => part.trim()).filter((part) => part !== "");
  let [piece, offset] = [0, 0];
  for (const fragment of fragments) {
    let found = -1;
    for (; piece < text.length; piece += 1, offset = 0) {
      found = text[piece]?.indexOf(fragment, offset) ?? -1;
      if (found !== -1) break;
    }
    if (found === -1) return false;
    offset = found + fragment.length;
  }
  return fragments.length > 0;
}

function isFilledIn(phrase: string, text: SourceText, fillers: ReadonlySet<string>): boolean {
  if (text.length < 2 || lettersIn(text.join("")) < 8) return false;
  const pattern = new RegExp(`^${text.map((piece) => piece.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("(.*)")}$`, "s");
  const gaps = pattern.exec(phrase)?.slice(1);
  return gaps?.every((gap) => gap === "…" || gap === "" || fillers.has(gap.trim())) ?? false;
}

/** How much of a text is words. */
export function lettersIn(text: string): number {
  return text.match(/\p{L}/gu)?.length ?? 0;
}
