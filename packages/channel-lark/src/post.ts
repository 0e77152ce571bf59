import type { MessagePart } from "@revka/core";
import * as v from "valibot";
import { attachmentOf } from "./attachment.ts";
import * as lenient from "./lenient.ts";

type Content = Readonly<Record<string, unknown>>;

const nodeSchema = v.object({
  tag: v.fallback(v.string(), ""),
  text: lenient.text,
  href: lenient.id,
  style: v.fallback(v.array(v.string()), []),
  user_id: lenient.id,
  user_name: lenient.id,
  image_key: lenient.key,
  file_key: lenient.key,
  file_name: lenient.id,
  emoji_type: lenient.id,
  language: lenient.text,
});

type Node = v.InferOutput<typeof nodeSchema>;

/**
 * The parts of a rich text in its order: Markdown, with the placeholders of mentions still in it, and its files.
 *
 * It comes flat, as the platform sends it, by language, as it was once written, or with a newer form beside the old one;
 * the newer one has the better text, but only the old one names the files.
 */
export function postParts(content: Content, messageId: string): readonly MessagePart[] {
  const { title, content: paragraphs, content_v2: newer } = languageOf(content);
  const heading: readonly MessagePart[] = typeof title === "string" && title.trim() !== "" ? [{ kind: "text", text: `${title}\n` }] : [];
  const parts = paragraphParts(paragraphs, messageId);
  const newerText = paragraphParts(newer, messageId).filter(({ kind }) => kind === "text");
  const body = newerText.length > 0 ? [...newerText, ...parts.filter(({ kind }) => kind !== "text")] : parts;
  return joinTexts([...heading, ...body]);
}

/** Neighbouring texts become one; blank ones go, as does the blank around each. */
export function joinTexts(parts: readonly MessagePart[]): readonly MessagePart[] {
  const joined: MessagePart[] = [];
  for (const part of parts) {
    const last = joined.at(-1);
    if (part.kind === "text" && last?.kind === "text") joined.splice(-1, 1, { kind: "text", text: last.text + part.text });
    else joined.push(part);
  }
  return joined.map((part) => (part.kind === "text" ? { ...part, text: part.text.trim() } : part)).filter((part) => part.kind !== "text" || part.text !== "");
}

const LANGUAGES = ["zh_cn", "en_us", "ja_jp"] as const;

function languageOf(content: Content): Content {
  if ("content" in content || "content_v2" in content) return content;
  const keys = [...LANGUAGES.filter((language) => language in content), ...Object.keys(content)];
  const first = keys.map((key) => content[key]).find((value) => v.is(v.looseObject({ content: v.array(v.unknown()) }), value));
  return v.parse(lenient.record, first);
}

function paragraphParts(paragraphs: unknown, messageId: string): readonly MessagePart[] {
  if (!Array.isArray(paragraphs)) return [];
  return paragraphs.flatMap((paragraph: unknown, index) => {
    const lineEnd: readonly MessagePart[] = index === 0 ? [] : [{ kind: "text", text: "\n" }];
    return [...lineEnd, ...v.parse(lenient.records, paragraph).map((node) => nodePart(v.parse(nodeSchema, node), messageId))];
  });
}

function nodePart(node: Node, messageId: string): MessagePart {
  const { tag, image_key: imageKey, file_key: fileKey, file_name: name } = node;
  if (tag === "img" && imageKey !== undefined) return attachmentOf("image", { messageId, key: imageKey });
  if (tag === "media" && fileKey !== undefined) return attachmentOf("video", { messageId, key: fileKey, name });
  return { kind: "text", text: nodeText(node) };
}

function nodeText(node: Node): string {
  const write = TEXTS.get(node.tag);
  return write === undefined ? styled(node.text ?? "", node.style) : write(node);
}

/** How each kind of node reads; all others as their text. */
const TEXTS: ReadonlyMap<string, (node: Node) => string> = new Map<string, (node: Node) => string>([
  ["a", ({ text = "", href, style }) => styled(href === undefined ? text : `[${text === "" ? href : text}](${href})`, style)],
  ["at", ({ user_id: id, user_name: name }) => mentionText(id, name)],
  ["emotion", ({ emoji_type: emoji }) => (emoji === undefined ? "" : `:${emoji}:`)],
  ["hr", () => "---"],
  ["code_block", ({ text = "", language = "" }) => fenced(text, language)],
  ["md", ({ text = "" }) => text.replaceAll(/<at\b[^>]*?(?:user_id|id)="?(@_\w+)"?[^>]*>.*?<\/at>/g, "$1")],
]);

/** People's posts hold placeholders of the message's mentions; those of apps hold real ids. */
function mentionText(id: string | undefined, name: string | undefined): string {
  if (id?.startsWith("@_") === true) return id;
  return `@${name ?? (id === "all" ? "all" : "someone")}`;
}

const MARKS: Readonly<Record<string, string>> = { bold: "**", italic: "*", lineThrough: "~~", codeInline: "`" };

/** Marks stand at the words: with a blank between they would mark nothing. */
function styled(text: string, styles: readonly string[]): string {
  const [, before = "", words = "", after = ""] = /^(\s*)(.*?)(\s*)$/s.exec(text) ?? [];
  if (words === "") return text;
  const marks = styles.flatMap((style) => (Object.hasOwn(MARKS, style) ? [MARKS[style]] : []));
  return before + marks.join("") + words + marks.reverse().join("") + after;
}

function fenced(code: string, language: string): string {
  const longest = Math.max(2, ...[...code.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}${language.toLowerCase()}\n${code.replace(/\n$/, "")}\n${fence}`;
}
