import { describe, expect, it } from "vitest";
import { loadText, mochatSection } from "./config-folder.test-support.ts";
import { dispatchTable } from "./dispatch-table.ts";
import { mediaTable, multimodalTable } from "./media-tables.ts";
import { proxyTable } from "./proxy-table.ts";
import { agentTable, logTable, stateTable } from "./shared-tables.ts";

const DEFAULTS = {
  dispatch: {
    idleTimeoutMs: 300_000,
    turnTimeoutMs: 1_200_000,
    queueCap: 20,
    queueTotal: 2000,
    maxInFlight: undefined,
    senderLimitPerMinute: 20,
    conversationScope: "sender",
    interruptedTurns: "retry",
    replayMaxAgeMs: 86_400_000,
    maxMessageAgeMs: 0,
    errorReplies: true,
    drainTimeoutMs: 25_000,
    ackReactions: true,
    streamMode: "off",
    draftUpdateIntervalMs: 1000,
  },
  multimodal: { maxImages: 4, maxImageBytes: 5_242_880, allowRemoteFetch: false },
  media: { roots: [], maxOutboundBytes: 20_971_520, textFileMaxBytes: 524_288, audioMaxBytes: 26_214_400 },
  agent: { kind: "echo", delayMs: 0, isConfigured: false },
  log: { level: "info", format: undefined },
  state: { synchronous: "normal" },
};

const channels = (...lines: readonly string[]): string => ["[channels_config]", ...lines].join("\n");

describe("readSettings", () => {
  it("has a default for everything", async () => {
    expect((await loadText("")).settings).toMatchObject(DEFAULTS);
  });

  it("reads every key that acts", async () => {
    const keys = [
      "message_timeout_secs = 60",
      "message_timeout_max_secs = 90",
      "queue_cap = 3",
      "queue_total = 4",
      "max_in_flight = 5",
      "sender_limit_per_minute = 0",
      'conversation_scope = "room"',
      'interrupted_turns = "notify"',
      "replay_max_age_secs = 6",
      "max_message_age_secs = 7",
      "error_replies = false",
      "drain_timeout_secs = 8",
      "ack_reactions = false",
      'stream_mode = "partial"',
      "draft_update_interval_ms = 200",
    ];
    const media = '[multimodal]\nmax_images = 99\nmax_image_size_mb = 1\nallow_remote_fetch = true\n[media]\nroots = ["out", "/srv/out"]\nmax_outbound_mb = 2\ntext_file_max_kb = 3\naudio_max_mb = 4\n';
    const text = `${channels(...keys)}\n${media}[agent]\nkind = "echo"\ndelay_ms = 9\n[log]\nlevel = "debug"\nformat = "json"\n[state]\nsynchronous = "full"\n`;
    const { settings, problems, warnings } = await loadText(text);
    expect({ problems, warnings }).toEqual({ problems: [], warnings: [] });
    expect(settings).toMatchObject({
      dispatch: {
        ...{ idleTimeoutMs: 60_000, turnTimeoutMs: 90_000, queueCap: 3, queueTotal: 4, maxInFlight: 5, senderLimitPerMinute: 0 },
        ...{ conversationScope: "room", interruptedTurns: "notify", replayMaxAgeMs: 6000, maxMessageAgeMs: 7000, errorReplies: false, drainTimeoutMs: 8000 },
        ...{ ackReactions: false, streamMode: "partial", draftUpdateIntervalMs: 200 },
      },
      multimodal: { maxImages: 16, maxImageBytes: 1_048_576, allowRemoteFetch: true },
      media: { roots: [expect.stringMatching(/\/\.revka\/out$/), "/srv/out"], maxOutboundBytes: 2_097_152, textFileMaxBytes: 3072, audioMaxBytes: 4_194_304 },
      agent: { kind: "echo", delayMs: 9, isConfigured: true },
      log: { level: "debug", format: "json" },
      state: { synchronous: "full" },
    });
  });

  it("raises an idle limit below 30 s to 30 s, and keeps the whole turn's limit at least as long", async () => {
    expect((await loadText(channels("message_timeout_secs = 5"))).settings.dispatch.idleTimeoutMs).toBe(30_000);
    expect((await loadText(channels("message_timeout_secs = 1800"))).settings.dispatch.turnTimeoutMs).toBe(1_800_000);
    const { problems } = await loadText(channels("message_timeout_secs = 60", "message_timeout_max_secs = 59"));
    expect(problems).toMatchObject([{ line: 3, key: "message_timeout_max_secs", found: "a number (59)", allowed: "a whole number of at least message_timeout_secs (60)" }]);
  });

  it.each([
    ["a folder of secrets to send from", '[media]\nroots = [".."]\n', "roots"],
    ["a provider that is none", '[transcription]\ndefault_provider = "siri"\n', "default_provider"],
    ["a limit of nothing", channels("queue_cap = 0"), "queue_cap"],
    ["half a message", channels("queue_total = 1.5"), "queue_total"],
    ["a word that is none", channels('conversation_scope = "all"'), "conversation_scope"],
    ["a key without effect, of the wrong type", channels("debounce_ms = 10001"), "debounce_ms"],
    ["an agent this version does not have", '[agent]\nkind = "openai"\n', "kind"],
    ["a level that is none", '[log]\nlevel = "loud"\n', "level"],
    ["a sync level that is none", '[state]\nsynchronous = "off"\n', "synchronous"],
  ])("lets no channel start with %s, since all share it", async (_title, text, key) => {
    const config = await loadText(`${text}\n${mochatSection()}`);
    expect(config.problems).toMatchObject([{ key }]);
    expect(config.isBlocked).toBe(true);
  });

  it("names in one sentence the keys that ask for what this version does not do", async () => {
    const text = `${channels("debounce_ms = 500", 'busy_mode = "queue"', 'stream_mode = "multi_message"', "show_tool_calls = false")}\n[media]\ndir = "x"\nttl_hours = 24\n[log]\ncontent = true\n`;
    const { problems, warnings } = await loadText(text);
    expect(problems).toEqual([]);
    expect(warnings).toEqual(["Accepted, but without effect in this version: channels_config.debounce_ms, channels_config.stream_mode, media.dir, log.content"]);
  });

  it("names in one sentence each what it has no use for, and likely typos one by one", async () => {
    const { warnings } = await loadText('[agent]\nmax_history = 5\ntools = []\nkid = "echo"\n[memory]\nx = 1\n[channel_config.mochat]\nx = 1\n[gateway]\nport = 1\n');
    expect(warnings).toEqual([
      'Unknown config key ignored: "agent.kid". Check config.toml for typos or deprecated options. The nearest known key is "kind".',
      "Ignored, this version has no use for them: agent.max_history, agent.tools",
      'Unknown config key ignored: "channel_config". Check config.toml for typos or deprecated options. The nearest known key is "channels_config".',
      "Ignored, this version has no use for them: memory, gateway",
    ]);
  });

  it.each([dispatchTable, multimodalTable, mediaTable, agentTable, logTable, stateTable, proxyTable])("declares every key of the $path table that its schema reads", async ({ path, fields }) => {
    const text = `[${path}]\n${fields.map(({ key }) => `${key} = { wrong = true }`).join("\n")}\n`;
    const { problems, warnings } = await loadText(text);
    expect(problems.map(({ key }) => key).toSorted()).toEqual(fields.map(({ key }) => key).toSorted());
    expect(warnings.filter((warning) => warning.startsWith("Unknown"))).toEqual([]);
  });
});
