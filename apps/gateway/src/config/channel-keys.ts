import { ConfigError, parseSection, table as tableOf, type ConfigProblem, type FieldDefinition } from "@revka/core";
import * as v from "valibot";
import type { GenericSchema } from "valibot";
import type { Environment } from "./environment.ts";
import { INERT_CHANNEL_KEYS, schemasOf } from "./inert-keys.ts";
import { PRESENCE_FIELDS, presenceGiven, presenceSchemas, type PresenceKeys } from "./presence-keys.ts";
import { resolveTranscription, type TranscriptionChoice } from "./resolve-transcription.ts";
import type { ChannelSettings } from "./settings.ts";
import { isTable, type Table } from "./table.ts";
import { TRANSCRIPTION_FIELDS, transcriptionSchema } from "./transcription-table.ts";

/** The keys of a channel's section that are the gateway's: each may stand in every section; without one the shared table's holds. */
export const CHANNEL_FIELDS: readonly FieldDefinition[] = [
  ...PRESENCE_FIELDS,
  { key: "transcription", type: "table", description: "What differs from [transcription].", fields: TRANSCRIPTION_FIELDS } as const,
  ...INERT_CHANNEL_KEYS.map(({ field }) => field),
].map(withoutDefault);

function withoutDefault({ default: _default, fields, ...field }: FieldDefinition): FieldDefinition {
  return { ...field, ...(fields !== undefined && { fields: fields.map(withoutDefault) }) };
}

const schema: GenericSchema<unknown, PresenceKeys> = tableOf({
  ...schemasOf(INERT_CHANNEL_KEYS),
  ...presenceSchemas,
  transcription: v.optional(transcriptionSchema),
});

/** What the gateway's keys of a section say, or why they say nothing. */
export type ChannelKeysReading =
  | { readonly settings: ChannelSettings }
  /** `section` is the table that the problems are in: the channel's, or `[transcription]`. */
  | { readonly problems: readonly ConfigProblem[]; readonly section: string };

/** What a section is read against. */
export interface ChannelKeysPlace {
  /** `"channels_config.lark"`. */
  readonly path: string;
  /** A valid `[transcription]`, if there is one. */
  readonly transcription: Table | undefined;
  readonly environment: Environment;
}

/** Reads the gateway's own keys of a channel's section. */
export function readChannelKeys(section: Table, { path, transcription: shared, environment }: ChannelKeysPlace): ChannelKeysReading {
  try {
    const presence = presenceGiven(section, parseSection(schema, section, { path, fields: CHANNEL_FIELDS }));
    const own = isTable(section["transcription"]) ? section["transcription"] : undefined;
    const choice = chooseTranscription(shared, own, environment);
    if ("settings" in choice) return { settings: { ...presence, ...(choice.settings !== undefined && { transcription: choice.settings }) } };
    const { key, ...problem } = choice.problem;
    const at = own === undefined ? "transcription" : `${path}.transcription`;
    return { problems: [{ ...problem, path: `${at}.${key}` }], section: own === undefined ? at : path };
  } catch (error) {
    if (error instanceof ConfigError) return { problems: error.problems, section: path };
    throw error;
  }
}

function chooseTranscription(shared: Table | undefined, own: Table | undefined, environment: Environment): TranscriptionChoice {
  if (shared === undefined && own === undefined) return { settings: undefined };
  return resolveTranscription(v.parse(transcriptionSchema, overlay(shared ?? {}, own ?? {})), environment);
}

/** `top` over `base`, key by key, in tables within them as well. */
function overlay(base: Table, top: Table): Table {
  const merged = Object.entries(top).map(([key, value]): [string, unknown] => {
    const below = base[key];
    return [key, isTable(value) && isTable(below) ? overlay(below, value) : value];
  });
  return { ...base, ...Object.fromEntries(merged) };
}
