import { choice, flag, integerBetween, type FieldDefinition } from "@revka/core";
import type { GenericSchema } from "valibot";
import type { PresenceSettings, StreamMode } from "./settings.ts";

const STREAM_MODES: readonly StreamMode[] = ["off", "partial", "multi_message"];

/** The keys that say how users see that an answer is on its way: of `[channels_config]`, and of each channel's section. */
export const PRESENCE_FIELDS: readonly FieldDefinition[] = [
  { key: "ack_reactions", type: "boolean", description: "React to each accepted message, on platforms that can.", default: true },
  { key: "stream_mode", type: "choice", choices: STREAM_MODES, description: "Show an answer while it grows, on platforms that can.", default: "off" },
  { key: "draft_update_interval_ms", type: "integer", description: "Least time between two updates of a growing answer.", default: 1000 },
];

/** Their values as they stand in the file. */
export interface PresenceKeys {
  readonly ack_reactions: boolean;
  readonly stream_mode: StreamMode;
  readonly draft_update_interval_ms: number;
}

/** How the keys are read. */
export const presenceSchemas: { readonly [Key in keyof PresenceKeys]: GenericSchema<unknown, PresenceKeys[Key]> } = {
  ack_reactions: flag(true),
  stream_mode: choice(STREAM_MODES, "off"),
  draft_update_interval_ms: integerBetween(200, 3_600_000, 1000),
};

/** The settings that the keys stand for. */
export function presenceOf(keys: PresenceKeys): PresenceSettings {
  return { ackReactions: keys.ack_reactions, streamMode: keys.stream_mode, draftUpdateIntervalMs: keys.draft_update_interval_ms };
}

/** Of these settings, those whose key stands in `table`. */
export function presenceGiven(table: Readonly<Record<string, unknown>>, keys: PresenceKeys): Partial<PresenceSettings> {
  const { ackReactions, streamMode, draftUpdateIntervalMs } = presenceOf(keys);
  return {
    ...("ack_reactions" in table && { ackReactions }),
    ...("stream_mode" in table && { streamMode }),
    ...("draft_update_interval_ms" in table && { draftUpdateIntervalMs }),
  };
}
