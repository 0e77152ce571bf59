import { choice, flag, integerBetween, optionalString, type FieldDefinition } from "@revka/core";
import type { GenericSchema } from "valibot";
import type { Table } from "./table.ts";

/** A key of the original that is checked and accepted, although this version does not act on it yet. */
export interface InertKey {
  readonly field: FieldDefinition;
  readonly schema: GenericSchema<unknown, unknown>;
  /** The value that says what this version does anyway; another one is reported. */
  readonly actsLike: string | number | boolean;
}

const ANY = Number.MAX_SAFE_INTEGER;

/** The inert keys of `[channels_config]`. */
export const INERT_DISPATCH_KEYS: readonly InertKey[] = [
  switchOf("show_tool_calls", false, "Send what the agent reports on the way as messages."),
  switchOf("session_persistence", true, "Keep queue and duplicates over a restart."),
  wordOf("session_backend", ["sqlite", "jsonl"], "Where sessions are kept."),
  numberOf("session_ttl_hours", { min: 0, max: ANY, actsLike: 0 }, "Delete history older than this; 0 keeps it."),
  numberOf("debounce_ms", { min: 0, max: 10_000, actsLike: 0 }, "Join messages that follow each other this closely."),
  wordOf("busy_mode", ["queue", "interrupt"], "What a message does to the turn before it."),
  numberOf("multi_message_delay_ms", { min: 0, max: ANY, actsLike: 800 }, "Time between the messages of one answer."),
  numberOf("progress_notice_secs", { min: 0, max: ANY, actsLike: 0 }, "Say that the agent is at work after this long; 0 never."),
  switchOf("whoami_for_denied", false, "Answer /whoami also to those who are not allowed."),
];

/** Of those, what a channel's own section may hold as well. */
export const INERT_CHANNEL_KEYS: readonly InertKey[] = INERT_DISPATCH_KEYS.filter(({ field }) => field.key === "busy_mode");

/** The inert keys of `[media]`: fetched files stay in memory. */
export const INERT_MEDIA_KEYS: readonly InertKey[] = [
  { field: { key: "dir", type: "string", description: "Where fetched files are kept." }, schema: optionalString, actsLike: "" },
  numberOf("ttl_hours", { min: 0, max: ANY, actsLike: 24 }, "How long fetched files are kept."),
];

/** The inert keys of `[log]`. */
export const INERT_LOG_KEYS: readonly InertKey[] = [switchOf("content", false, "Log the text of messages.")];

/** A value that is accepted, although this version does not act on it yet. */
const INERT_VALUES: Table = { stream_mode: "multi_message" };

/** The keys in `table` whose value asks for something that this version does not do. */
export function keysWithoutEffect(table: Table, inert: readonly InertKey[]): string[] {
  const isInert = (key: string): boolean => inert.some(({ field, actsLike }) => field.key === key && table[key] !== actsLike);
  return Object.keys(table).filter((key) => isInert(key) || (key in INERT_VALUES && table[key] === INERT_VALUES[key]));
}

/** The schemas of inert keys, by key. */
export function schemasOf(inert: readonly InertKey[]): Record<string, GenericSchema<unknown, unknown>> {
  return Object.fromEntries(inert.map(({ field, schema }) => [field.key, schema]));
}

function switchOf(key: string, actsLike: boolean, description: string): InertKey {
  return { field: { key, type: "boolean", description }, schema: flag(actsLike), actsLike };
}

function numberOf(key: string, { min, max, actsLike }: { readonly min: number; readonly max: number; readonly actsLike: number }, description: string): InertKey {
  return { field: { key, type: "integer", description }, schema: integerBetween(min, max, actsLike), actsLike };
}

/** The first word is what this version does. */
function wordOf(key: string, words: readonly [string, ...string[]], description: string): InertKey {
  return { field: { key, type: "choice", choices: words, description }, schema: choice(words), actsLike: words[0] };
}
