import * as v from "valibot";
import * as lenient from "./lenient.ts";

type Content = Readonly<Record<string, unknown>>;

const fieldsSchema = v.object({
  text: lenient.id,
  name: lenient.id,
  title: lenient.id,
  topic: lenient.id,
  file_name: lenient.id,
  chat_id: lenient.id,
  user_id: lenient.id,
  latitude: v.fallback(v.optional(v.union([v.string(), v.number()])), undefined),
  longitude: v.fallback(v.optional(v.union([v.string(), v.number()])), undefined),
  start_time: lenient.number,
  end_time: lenient.number,
  due_time: lenient.number,
});

type Fields = v.InferOutput<typeof fieldsSchema>;

/** How each kind of message reads that is neither words nor a file. */
const NOTES: Readonly<Record<string, (fields: Fields, content: Content) => string>> = {
  folder: ({ file_name }) => note("folder", [file_name]),
  sticker: () => note("sticker", []),
  share_chat: ({ chat_id }) => note("shared chat", [chat_id]),
  share_user: ({ user_id }) => note("shared contact", [user_id]),
  location: ({ name, latitude, longitude }) => note("location", [name, latitude === undefined || longitude === undefined ? undefined : `${latitude}, ${longitude}`]),
  share_calendar_event: calendarNote,
  calendar: calendarNote,
  general_calendar: calendarNote,
  video_chat: ({ topic, start_time }) => note("video meeting", [topic, instant(start_time)]),
  todo: ({ due_time }, { summary }) => note("task", [wordsIn(summary).join(" "), instant(due_time)?.replace(/^/, "due ")]),
  vote: ({ topic }, { options }) => note("poll", [topic, wordsIn(options).join(" / ")]),
  hongbao: ({ text }) => note("red packet", [text]),
  // No page of the platform's names it; the reference program reads it.
  list: (_fields, content) => wordsIn(content).join("\n"),
  interactive: ({ title }, { elements, ...rest }) => [title, ...cardLines(elements ?? rest)].filter((line) => line !== undefined).join("\n"),
};

/** A message of one of the lesser kinds in words; undefined for a kind that nobody knows, or that turns out to be empty. */
export function noteOf(type: string, content: Content): string | undefined {
  const write = Object.hasOwn(NOTES, type) ? NOTES[type] : undefined;
  const text = write?.(v.parse(fieldsSchema, content), content);
  return text === "" ? undefined : text;
}

function calendarNote({ start_time, end_time }: Fields, { summary }: Content): string {
  return note("calendar event", [wordsIn(summary).join(" "), instant(start_time), instant(end_time)]);
}

/** One line: whoever wrote the words cannot make them look like several messages. */
function note(kind: string, facts: readonly (string | undefined)[]): string {
  const told = facts.filter((fact) => fact !== undefined && fact !== "").map((fact) => fact?.replaceAll(/\s+/g, " "));
  return told.length === 0 ? `[${kind}]` : `[${kind}: ${told.join(", ")}]`;
}

function instant(ms: number | undefined): string | undefined {
  return ms === undefined || !(Math.abs(ms) < 8.64e15) ? undefined : new Date(ms).toISOString();
}

/** A received card is flattened into paragraphs of nodes. */
function cardLines(elements: unknown): readonly string[] {
  if (!Array.isArray(elements)) return wordsIn(elements);
  return elements.map((paragraph: unknown) => wordsIn(paragraph).join("")).filter((line) => line !== "");
}

/** Where people's words are, in the trees that cards, tasks and polls are. */
const WORD_KEYS: ReadonlySet<string> = new Set(["text", "content", "title"]);

/** A tree deeper than that, or with more words, no message has. */
const MOST_DEPTH = 16;
const MOST_WORDS = 1_000;

function wordsIn(value: unknown, depth = 0): readonly string[] {
  if (typeof value === "string") return value === "" ? [] : [value];
  if (typeof value !== "object" || value === null || depth > MOST_DEPTH) return [];
  const inner: readonly unknown[] = Array.isArray(value) ? value : innerOf(value);
  return inner.flatMap((item) => wordsIn(item, depth + 1)).slice(0, MOST_WORDS);
}

/** Objects and lists of them may be anywhere; what else stands under another name is no words: a style, a key. */
function innerOf(value: object): readonly unknown[] {
  const isTree = (inner: unknown): boolean => typeof inner === "object" && (!Array.isArray(inner) || inner.every((item) => typeof item === "object"));
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]) => (WORD_KEYS.has(key) || isTree(inner) ? [inner] : []));
}
