import { baseUrl, choice, flag, integerBetween, optionalString, table, type FieldDefinition } from "@revka/core";
import * as v from "valibot";
import type { GenericSchema } from "valibot";
import type { TableDeclaration } from "./read-table.ts";

/** The providers that the original knows. Three of them speak one API, the one that this version has. */
export const PROVIDERS = ["groq", "openai", "local_whisper", "deepgram", "assemblyai", "google"] as const;

/** Where Groq listens. */
export const GROQ_URL = "https://api.groq.com/openai/v1/audio/transcriptions";
const GROQ_MODEL = "whisper-large-v3-turbo";
const MAX_BYTES = 25 * 1024 * 1024;

/** The keys of a `transcription` table, with their defaults. */
export const TRANSCRIPTION_FIELDS: readonly FieldDefinition[] = [
  { key: "enabled", type: "boolean", description: "Whether voice messages become text; a table without this key switches it on.", default: true },
  { key: "default_provider", type: "choice", choices: PROVIDERS, description: "Who transcribes.", default: "groq" },
  { key: "api_key", type: "string", description: "Groq's key, or the one of api_url.", isSecret: true },
  { key: "api_url", type: "url", description: "An address that takes what Groq takes.", default: GROQ_URL },
  { key: "model", type: "string", description: "Groq's model, or the one of api_url.", default: GROQ_MODEL },
  { key: "language", type: "string", description: "What is spoken, in ISO 639-1: a hint.", example: "zh" },
  { key: "initial_prompt", type: "string", description: "Words that are likely to be said." },
  { key: "max_duration_secs", type: "integer", description: "Longer voice messages are not transcribed.", default: 120 },
  subTable("openai", "OpenAI.", [keyField("api_key"), { key: "model", type: "string", description: "Its model.", default: "whisper-1" }]),
  subTable("local_whisper", "A server of your own.", [
    { key: "url", type: "url", description: "Where audio is posted to.", example: "http://127.0.0.1:8001/v1/transcribe" },
    keyField("bearer_token"),
    { key: "max_audio_bytes", type: "integer", description: "The largest file it takes.", default: MAX_BYTES },
    { key: "timeout_secs", type: "integer", description: "How long it may take; no answer waits longer than 60 s for it.", default: 300 },
  ]),
  subTable("deepgram", "Not in this version.", [keyField("api_key"), { key: "model", type: "string", description: "Its model." }]),
  subTable("assemblyai", "Not in this version.", [keyField("api_key")]),
  subTable("google", "Not in this version.", [keyField("api_key"), { key: "language_code", type: "string", description: "What is spoken." }]),
];

/** A `transcription` table as it stands in the file. */
export interface TranscriptionKeys {
  readonly enabled: boolean;
  readonly default_provider: (typeof PROVIDERS)[number];
  readonly api_key: string | undefined;
  readonly api_url: string;
  readonly model: string;
  readonly language: string | undefined;
  readonly initial_prompt: string | undefined;
  readonly max_duration_secs: number;
  readonly openai: { readonly api_key: string | undefined; readonly model: string | undefined };
  readonly local_whisper: {
    readonly url?: string | undefined;
    readonly bearer_token: string | undefined;
    readonly max_audio_bytes: number;
    readonly timeout_secs: number;
  };
}

const absentProvider = v.optional(table({ api_key: optionalString, model: optionalString, language_code: optionalString }));

/** How a `transcription` table is read. */
export const transcriptionSchema: GenericSchema<unknown, TranscriptionKeys> = table({
  enabled: flag(true),
  default_provider: choice(PROVIDERS, "groq"),
  api_key: optionalString,
  api_url: baseUrl({ allowHttp: "any", default: GROQ_URL }),
  model: v.pipe(optionalString, v.transform((model) => model ?? GROQ_MODEL)),
  language: optionalString,
  initial_prompt: optionalString,
  max_duration_secs: integerBetween(1, 86_400, 120),
  openai: v.optional(table({ api_key: optionalString, model: optionalString }), {}),
  local_whisper: v.optional(
    table({
      url: v.optional(baseUrl({ allowHttp: "any" })),
      bearer_token: optionalString,
      max_audio_bytes: integerBetween(1, 1024 * MAX_BYTES, MAX_BYTES),
      timeout_secs: integerBetween(1, 86_400, 300),
    }),
    {},
  ),
  deepgram: absentProvider,
  assemblyai: absentProvider,
  google: absentProvider,
});

/** `[transcription]`. */
export const transcriptionTable: TableDeclaration<TranscriptionKeys> = { path: "transcription", fields: TRANSCRIPTION_FIELDS, schema: transcriptionSchema };

function subTable(key: string, description: string, fields: readonly FieldDefinition[]): FieldDefinition {
  return { key, type: "table", description, fields };
}

function keyField(key: string): FieldDefinition {
  return { key, type: "string", description: "Its key.", isSecret: true };
}
