import * as v from "valibot";
import type { QqBehaviour } from "./behaviour.ts";
import { LIMITS } from "./limits.ts";
import { type QqPlace, sceneOf } from "./place.ts";
import type { ReferenceUse } from "./references.ts";

/** What a message of the bot is. */
export type QqKind = "text" | "markdown" | "ark" | "typing" | "media";

const filled = v.pipe(v.string(), v.nonEmpty());
const whole = v.pipe(v.number(), v.integer());
const thing = v.optional(v.looseObject({}));

/** The body of a message ("POST messages"). */
export const MESSAGE: v.GenericSchema<unknown, MessageBody> = v.looseObject({
  msg_type: v.optional(whole),
  content: v.optional(v.string(), ""),
  markdown: v.optional(v.looseObject({ content: v.optional(v.string(), ""), custom_template_id: v.optional(filled) })),
  ark: v.optional(v.looseObject({ template_id: v.union([whole, filled]) })),
  media: v.optional(v.looseObject({ file_info: filled })),
  input_notify: v.optional(v.looseObject({ input_type: v.literal(1), input_second: v.pipe(whole, v.minValue(1), v.maxValue(LIMITS.typingSecs)) })),
  embed: thing,
  keyboard: thing,
  message_reference: v.optional(v.looseObject({ message_id: filled })),
  msg_id: v.optional(v.string(), ""),
  event_id: v.optional(v.string(), ""),
  msg_seq: v.optional(v.pipe(whole, v.minValue(0)), 1),
  is_wakeup: v.optional(v.boolean(), false),
});

/** A message's body, read. */
export interface MessageBody {
  readonly msg_type?: number | undefined;
  readonly content: string;
  readonly markdown?: { readonly content: string; readonly custom_template_id?: string | undefined } | undefined;
  readonly media?: { readonly file_info: string } | undefined;
  readonly keyboard?: Readonly<Record<string, unknown>> | undefined;
  readonly msg_id: string;
  readonly event_id: string;
  readonly msg_seq: number;
  readonly is_wakeup: boolean;
}

/** A message that is as it must be. */
export interface ReadMessage {
  readonly kind: QqKind;
  /** Empty where the kind has none. */
  readonly text: string;
  /** What it answers; absent when it answers nothing. */
  readonly answers?: ReferenceUse;
}

/** The part of a body that each `msg_type` must carry beside `content`. */
const KINDS: ReadonlyMap<number, readonly [kind: QqKind, part?: "markdown" | "ark" | "input_notify" | "media"]> = new Map([
  [0, ["text"]],
  [2, ["markdown", "markdown"]],
  [3, ["ark", "ark"]],
  [6, ["typing", "input_notify"]],
  [7, ["media", "media"]],
] as const);
const PARTS = ["markdown", "ark", "embed", "input_notify", "media"];

const INVALID = 11255;
const MISMATCH = 22006;
const EMPTY = 50006;
const MIXED_MARKDOWN = 50037;
const NO_MARKDOWN = 304036;
const NO_KEYBOARD = 304057;
const TOO_LONG = 40054007;
const BAD_URL = 40054010;

/** Reads a message to a place, or gives the platform's code for what is wrong with it. */
export function readMessage(body: MessageBody, place: QqPlace, behaviour: QqBehaviour): ReadMessage | number {
  const kind = kindOf(body);
  if (typeof kind === "number") return kind;
  const text = textOf(kind, body);
  if (text === undefined) return EMPTY;
  return badGrant(kind, body, behaviour) ?? badText(text, behaviour) ?? badReference(kind, body, place) ?? { kind, text, ...answered(body) };
}

/** `undefined` where there must be one and is none. */
function textOf(kind: QqKind, { content, markdown }: MessageBody): string | undefined {
  if (kind !== "text" && kind !== "markdown") return content;
  const text = kind === "text" ? content : (markdown?.content ?? "");
  return text.trim() === "" && markdown?.custom_template_id === undefined ? undefined : text;
}

/** Some clients leave `msg_type` out, also with media. */
function kindOf(body: MessageBody): QqKind | number {
  const [kind, part] = KINDS.get(body.msg_type ?? (body.media === undefined ? 0 : 7)) ?? [];
  const parts = PARTS.filter((name) => name in body);
  if (kind === "markdown" && (parts.length > 1 || body.content.trim() !== "")) return MIXED_MARKDOWN;
  return kind === undefined || parts.length > 1 || parts[0] !== part ? MISMATCH : kind;
}

function badGrant(kind: QqKind, { keyboard }: MessageBody, { grantsMarkdown, grantsKeyboards }: QqBehaviour): number | undefined {
  if (kind === "markdown" && !grantsMarkdown) return NO_MARKDOWN;
  return keyboard !== undefined && "content" in keyboard && !grantsKeyboards ? NO_KEYBOARD : undefined;
}

function badText(text: string, { textChars, allowedHosts }: QqBehaviour): number | undefined {
  if (Array.from(text).length > textChars) return TOO_LONG;
  return allowedHosts !== null && hostsIn(text).some((host) => !allowedHosts.includes(host)) ? BAD_URL : undefined;
}

function badReference(kind: QqKind, { msg_id: msgId, event_id: eventId, is_wakeup: isWakeup }: MessageBody, place: QqPlace): number | undefined {
  const isPrivate = sceneOf(place) === "private";
  if (kind === "typing" && !isPrivate) return MISMATCH;
  const isLost = kind === "typing" && msgId === "";
  const isTorn = isWakeup && (!isPrivate || msgId !== "" || eventId !== "");
  return isLost || isTorn || (msgId !== "" && eventId !== "") ? INVALID : undefined;
}

function answered({ msg_id: msgId, event_id: eventId, msg_seq: msgSeq }: MessageBody): Pick<ReadMessage, "answers"> {
  if (msgId !== "") return { answers: { kind: "message", id: msgId, msgSeq } };
  return eventId === "" ? {} : { answers: { kind: "event", id: eventId, msgSeq } };
}

/** Everything that the platform takes for a host: words with a dot inside, whatever they mean (seen in the field). */
function hostsIn(text: string): readonly string[] {
  return (text.match(/[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}/gi) ?? []).map((host) => host.toLowerCase());
}
