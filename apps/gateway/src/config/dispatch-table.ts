import { choice, flag, integerBetween, table } from "@revka/core";
import * as v from "valibot";
import { DISPATCH_FIELDS } from "./dispatch-fields.ts";
import { INERT_DISPATCH_KEYS, schemasOf } from "./inert-keys.ts";
import { presenceOf, presenceSchemas } from "./presence-keys.ts";
import type { TableDeclaration } from "./read-table.ts";
import type { DispatchSettings } from "./settings.ts";

const DAY_SECS = 86_400;
const YEAR_SECS = 366 * DAY_SECS;
const MIN_IDLE_SECS = 30;
const DEFAULT_TURN_SECS = 1200;

/** The inert keys come first, so that the others keep their types. */
const keys = table({
  ...schemasOf(INERT_DISPATCH_KEYS),
  message_timeout_secs: v.pipe(integerBetween(0, DAY_SECS, 300), v.toMinValue(MIN_IDLE_SECS)),
  message_timeout_max_secs: integerBetween(1, DAY_SECS),
  queue_cap: integerBetween(1, 10_000, 20),
  queue_total: integerBetween(1, 1_000_000, 2000),
  max_in_flight: integerBetween(1, 1000),
  sender_limit_per_minute: integerBetween(0, 10_000, 20),
  conversation_scope: choice(["sender", "room"], "sender"),
  interrupted_turns: choice(["retry", "notify"], "retry"),
  replay_max_age_secs: integerBetween(0, YEAR_SECS, DAY_SECS),
  max_message_age_secs: integerBetween(0, YEAR_SECS, 0),
  error_replies: flag(true),
  drain_timeout_secs: integerBetween(0, 3600, 25),
  ...presenceSchemas,
});

/** Where the limit is not set it follows the idle limit, never below it. */
const checkedKeys = v.pipe(
  keys,
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    const { message_timeout_secs: idle, message_timeout_max_secs: max } = dataset.value;
    if (max === undefined || max >= idle) return;
    const place = { type: "object", origin: "value", input: { ...dataset.value }, key: "message_timeout_max_secs", value: max } as const;
    addIssue({ input: max, message: `a whole number of at least message_timeout_secs (${idle})`, path: [place] });
  }),
);

/** The keys of `[channels_config]` that are not channels. */
export const dispatchTable: TableDeclaration<DispatchSettings> = {
  path: "channels_config",
  fields: [...DISPATCH_FIELDS, ...INERT_DISPATCH_KEYS.map(({ field }) => field)],
  schema: v.pipe(
    checkedKeys,
    v.transform((section) => ({
      idleTimeoutMs: section.message_timeout_secs * 1000,
      turnTimeoutMs: (section.message_timeout_max_secs ?? Math.max(DEFAULT_TURN_SECS, section.message_timeout_secs)) * 1000,
      queueCap: section.queue_cap,
      queueTotal: section.queue_total,
      maxInFlight: section.max_in_flight,
      senderLimitPerMinute: section.sender_limit_per_minute,
      conversationScope: section.conversation_scope,
      interruptedTurns: section.interrupted_turns,
      replayMaxAgeMs: section.replay_max_age_secs * 1000,
      maxMessageAgeMs: section.max_message_age_secs * 1000,
      errorReplies: section.error_replies,
      drainTimeoutMs: section.drain_timeout_secs * 1000,
      ...presenceOf(section),
    })),
  ),
};
