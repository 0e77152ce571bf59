import { dropAbsent } from "@revka/core";
import { firstSet, type Environment } from "./environment.ts";
import type { TranscriptionSettings } from "./settings.ts";
import { GROQ_URL, PROVIDERS, type TranscriptionKeys } from "./transcription-table.ts";

/** Who transcribes, or nobody; or what of the table's keys keeps it from working. */
export type TranscriptionChoice =
  | { readonly settings: TranscriptionSettings | undefined }
  | { readonly problem: { readonly key: string; readonly found: string; readonly allowed: string } };

const OPENAI_URL = "https://api.openai.com/v1/audio/transcriptions";
const OPENAI_MODEL = "whisper-1";
const MAX_BYTES = 25 * 1024 * 1024;
const TIMEOUT_MS = 60_000;

type Common = Pick<TranscriptionSettings, "language" | "prompt" | "maxDurationMs" | "maxBytes" | "timeoutMs">;

/** What a read table asks for. A key that the table does not hold comes from the environment, one provider's never for another. */
export function resolveTranscription(keys: TranscriptionKeys, environment: Environment): TranscriptionChoice {
  if (!keys.enabled) return { settings: undefined };
  const { language, initial_prompt: prompt, max_duration_secs: maxDurationSecs } = keys;
  const common = { ...dropAbsent({ language, prompt }), maxDurationMs: maxDurationSecs * 1000, maxBytes: MAX_BYTES, timeoutMs: TIMEOUT_MS };
  switch (keys.default_provider) {
    case "groq":
      return resolveGroq(keys, environment, common);
    case "openai":
      return resolveOpenAi(keys, environment, common);
    case "local_whisper":
      return resolveLocal(keys, common);
    case "deepgram":
    case "assemblyai":
    case "google":
      return { problem: { key: "default_provider", found: `"${keys.default_provider}", which this version does not have yet`, allowed: `one of ${HERE}` } };
  }
}

function resolveGroq({ api_key: ownKey, api_url: url, model }: TranscriptionKeys, environment: Environment, common: Common): TranscriptionChoice {
  const isGroq = url === GROQ_URL;
  const variables = ["TRANSCRIPTION_API_KEY", "GROQ_API_KEY", ...(isGroq ? [] : ["OPENAI_API_KEY"])];
  const apiKey = ownKey ?? firstSet(environment, variables)?.value;
  if (apiKey === undefined && isGroq) return missing("api_key", variables);
  return { settings: { ...common, provider: "groq", url, model, ...dropAbsent({ apiKey }) } };
}

function resolveOpenAi({ openai }: TranscriptionKeys, environment: Environment, common: Common): TranscriptionChoice {
  const variables = ["TRANSCRIPTION_API_KEY", "OPENAI_API_KEY"];
  const apiKey = openai.api_key ?? firstSet(environment, variables)?.value;
  if (apiKey === undefined) return missing("openai.api_key", variables);
  return { settings: { ...common, provider: "openai", url: OPENAI_URL, model: openai.model ?? OPENAI_MODEL, apiKey } };
}

function resolveLocal({ local_whisper: local }: TranscriptionKeys, common: Common): TranscriptionChoice {
  const { url, bearer_token: apiKey, max_audio_bytes: maxBytes, timeout_secs: timeoutSecs } = local;
  if (url === undefined) return { problem: { key: "local_whisper.url", found: "nothing", allowed: 'an absolute http or https URL, since default_provider is "local_whisper"' } };
  return { settings: { ...common, provider: "local_whisper", url, maxBytes, timeoutMs: Math.min(timeoutSecs * 1000, TIMEOUT_MS), ...dropAbsent({ apiKey }) } };
}

const HERE = PROVIDERS.slice(0, 3).map((provider) => `"${provider}"`).join(", ");

function missing(key: string, variables: readonly string[]): TranscriptionChoice {
  return { problem: { key, found: "nothing", allowed: `a key, here or in ${variables.join(" or ")}` } };
}
