import { describe, expect, it } from "vitest";
import { loadText, mochatSection, type LoadedText } from "./config-folder.test-support.ts";
import type { ChannelSettings } from "./settings.ts";

const WHISPER = '[transcription]\ndefault_provider = "local_whisper"\nmodel = "ignored"\nlanguage = "zh"\nlocal_whisper = { url = "http://127.0.0.1:8001/v1/transcribe", timeout_secs = 30 }\n';

async function settingsOf(text: string, environment: LoadedText["environment"] = {}): Promise<ChannelSettings | undefined> {
  const { settings, problems, warnings } = await loadText(text, { environment });
  expect({ problems, warnings }).toEqual({ problems: [], warnings: [] });
  return settings.channels["mochat"];
}

async function problemsOf(text: string, environment: LoadedText["environment"] = {}): Promise<string[]> {
  const { problems, sections, isBlocked } = await loadText(text, { environment });
  expect({ started: sections.size, isBlocked }).toEqual({ started: 0, isBlocked: false });
  return problems.map(({ section, key, found, line }) => `${line ?? "-"} [${section}] ${key}: ${found}`);
}

describe("the gateway's keys in a channel's section", () => {
  it("say nothing where they do not stand", async () => {
    expect(await settingsOf(mochatSection())).toEqual({});
  });

  it("are read, and known without a warning", async () => {
    const text = mochatSection('stream_mode = "partial"', "draft_update_interval_ms = 500", "ack_reactions = false", 'busy_mode = "queue"');
    expect(await settingsOf(text)).toEqual({ streamMode: "partial", draftUpdateIntervalMs: 500, ackReactions: false });
  });

  it("may be set by the environment", async () => {
    expect(await settingsOf(mochatSection(), { REVKA_CHANNELS_MOCHAT_ACK_REACTIONS: "false" })).toEqual({ ackReactions: false });
  });

  it("keep only this channel from starting when they are wrong", async () => {
    expect(await problemsOf(mochatSection('stream_mode = "live"', "draft_update_interval_ms = 199"))).toEqual([
      '4 [channels_config.mochat] stream_mode: a string ("live")',
      "5 [channels_config.mochat] draft_update_interval_ms: a number (199)",
    ]);
  });

  it("are named when they ask for what this version does not do, or are misspelt", async () => {
    const { warnings } = await loadText(mochatSection('stream_mode = "multi_message"', 'busy_mode = "interrupt"', "transcription = { modle = 1 }", "ack_reaction = true"), { environment: { GROQ_API_KEY: "gsk_123456" } });
    expect(warnings).toEqual([
      expect.stringContaining('"channels_config.mochat.transcription.modle"'),
      expect.stringContaining('The nearest known key is "ack_reactions"'),
      "Accepted, but without effect in this version: channels_config.mochat.stream_mode",
      "Accepted, but without effect in this version: channels_config.mochat.busy_mode",
    ]);
  });
});

describe("transcription", () => {
  it("is what the shared table says (GW-10)", async () => {
    expect((await settingsOf(`${WHISPER}${mochatSection()}`))?.transcription).toEqual({
      ...{ provider: "local_whisper", url: "http://127.0.0.1:8001/v1/transcribe", language: "zh" },
      ...{ maxBytes: 26_214_400, maxDurationMs: 120_000, timeoutMs: 30_000 },
    });
  });

  it("is overlaid key by key by the channel's own table (GW-10)", async () => {
    const own = 'transcription = { language = "ja", max_duration_secs = 9, local_whisper = { bearer_token = "secret-1", timeout_secs = 300 } }';
    expect((await settingsOf(`${WHISPER}${mochatSection(own)}`))?.transcription).toEqual({
      ...{ provider: "local_whisper", url: "http://127.0.0.1:8001/v1/transcribe", language: "ja", apiKey: "secret-1" },
      ...{ maxBytes: 26_214_400, maxDurationMs: 9_000, timeoutMs: 60_000 },
    });
  });

  it("is switched on by a channel's own table, and off by enabled = false", async () => {
    expect((await settingsOf(mochatSection('transcription = { api_key = "gsk_123456" }')))?.transcription).toMatchObject({
      ...{ provider: "groq", url: "https://api.groq.com/openai/v1/audio/transcriptions", model: "whisper-large-v3-turbo", apiKey: "gsk_123456" },
    });
    expect(await settingsOf(`${WHISPER}${mochatSection("transcription = { enabled = false }")}`)).toEqual({});
    expect(await settingsOf(`[transcription]\nenabled = false\n${mochatSection()}`)).toEqual({});
  });

  it.each<[string, string, LoadedText["environment"], string | undefined]>([
    ["Groq's own", "", { GROQ_API_KEY: "b", OPENAI_API_KEY: "c" }, "b"],
    ["the one for transcription before it", "", { TRANSCRIPTION_API_KEY: "a", GROQ_API_KEY: "b" }, "a"],
    ["OpenAI's for an address of one's own", 'api_url = "https://whisper.example.com/v1"', { OPENAI_API_KEY: "c" }, "c"],
    ["none for an address of one's own", 'api_url = "https://whisper.example.com/v1"', {}, undefined],
    ["OpenAI's", 'default_provider = "openai"', { GROQ_API_KEY: "b", OPENAI_API_KEY: "c" }, "c"],
    ["the file's first", 'default_provider = "openai"\nopenai = { api_key = "d" }', { OPENAI_API_KEY: "c" }, "d"],
  ])("takes a key that the table lacks from the environment: %s", async (_title, keys, environment, apiKey) => {
    expect((await settingsOf(`[transcription]\n${keys}\n${mochatSection()}`, environment))?.transcription?.apiKey).toBe(apiKey);
  });

  it("tells the redactor every key", async () => {
    const { secrets } = await loadText(`[transcription]\nopenai = { api_key = "sk-unused" }\n${mochatSection()}`, { environment: { GROQ_API_KEY: "gsk_123456" } });
    expect(secrets).toEqual(expect.arrayContaining(["sk-unused", "gsk_123456"]));
  });

  it.each<[string, string, string, string[]]>([
    ["no key anywhere", "[transcription]\n", "", ["1 [transcription] api_key: nothing"]],
    ["another provider's key", '[transcription]\ndefault_provider = "openai"\n', "", ["1 [transcription] openai.api_key: nothing"]],
    ["no address", "", 'transcription = { default_provider = "local_whisper" }', ["4 [channels_config.mochat] transcription.local_whisper.url: nothing"]],
    ["a provider of a later version", '[transcription]\ndefault_provider = "deepgram"\n', "", ['2 [transcription] default_provider: "deepgram", which this version does not have yet']],
    ["ciphertext", "", 'transcription = { openai = { api_key = "enc2:00" } }', ["4 [channels_config.mochat] transcription.openai.api_key: an encrypted value, which this version cannot read", "4 [channels_config.mochat] transcription.api_key: nothing"]],
    ["a wrong type", "", "transcription = { max_duration_secs = 0 }", ["4 [channels_config.mochat] transcription.max_duration_secs: a number (0)"]],
  ])("says what is wrong: %s", async (_title, shared, own, problems) => {
    expect(await problemsOf(`${shared}${mochatSection(...(own === "" ? [] : [own]))}`, { OPENAI_API_KEY: "" })).toEqual(problems);
  });
});
