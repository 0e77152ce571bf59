import { larkDefinition } from "@revka/channel-lark/definition";
import { mochatDefinition } from "@revka/channel-mochat/definition";
import { createContext, createRedactor } from "@revka/core";
import { recordingLogger, type RecordingLogger } from "@revka/core/testing";
import { beforeEach, describe, expect, it } from "vitest";
import { loadText, mochatSection } from "../config/config-folder.test-support.ts";
import type { LoadedConfig } from "../config/loaded-config.ts";
import type { Settings } from "../config/settings.ts";
import type { ChannelChange } from "../gateway-options.ts";
import { createReload } from "./apply-config.ts";

const WECOM = '[channels_config.wecom]\nwebhook_key = "a-webhook-key"\n';

interface Change {
  readonly leaving: readonly string[];
  readonly coming: readonly string[];
}

const NOTHING = { leaving: [], coming: [] } satisfies Change;

let logger: RecordingLogger;
let redactor: ReturnType<typeof createRedactor>;
let levels: string[];
let adopted: (Settings | undefined)[];
beforeEach(() => {
  levels = [];
  adopted = [];
  logger = recordingLogger();
  redactor = createRedactor();
});

/** Starts with the first text and reloads with each of the others. @returns what the gateway was told to change. */
async function reloading(started: string, ...texts: readonly string[]): Promise<Change[]> {
  const changes: Change[] = [];
  const rest = [...texts];
  const first = await loadText(started);
  let present = [...first.sections.keys()].map((name) => ({ name }));
  const gateway = {
    get channels() {
      return present as never;
    },
    async reconfigure({ leaving, createChannels, settings }: ChannelChange) {
      const { channels } = await createChannels((instance) => createContext(instance));
      adopted.push(settings);
      present = [...present.filter(({ name }) => !leaving.includes(name)), ...channels];
      changes.push({ leaving, coming: channels.map(({ name }) => name) });
    },
  };
  const reload = createReload(first, { gateway, load: () => loadText(rest.shift()), logger, redactor, onApplied: ({ log }) => void levels.push(log.level) });
  for (const _text of texts) await reload();
  return changes;
}

describe("createReload", () => {
  it.each<[string, string, string, Change[]]>([
    ["restarts the channel whose section changed", mochatSection() + WECOM, mochatSection("poll_interval_secs = 9") + WECOM, [{ leaving: ["mochat"], coming: ["mochat"] }]],
    ["adds the channel of a new section", mochatSection(), mochatSection() + WECOM, [{ leaving: ["wecom"], coming: ["wecom"] }]],
    ["takes away the channel whose section went", mochatSection() + WECOM, mochatSection(), [{ leaving: ["wecom"], coming: [] }]],
    ["touches nothing for a comment, blanks and order", mochatSection() + WECOM, `# new\n${WECOM}\n${mochatSection()}`, []],
    ["touches nothing for a default that is written out", mochatSection(), mochatSection("poll_interval_secs = 5"), []],
    ["notices a proxy of its own", mochatSection('proxy_url = "http://a:1"'), mochatSection('proxy_url = "http://b:1"'), [{ leaving: ["mochat"], coming: ["mochat"] }]],
  ])("%s", async (_title, before, after, changes) => {
    expect(await reloading(before, after)).toEqual(changes);
  });

  it.each<[string, string, string, readonly string[]]>([
    ["only the one that changed, where they know nothing of each other", "", 'allowed_users = ["a"]', ["lark"]],
    ["both, where they share a listener", 'receive_mode = "webhook"\nport = 8081', 'receive_mode = "webhook"\nport = 8081\nallowed_users = ["a"]', ["lark", "feishu"]],
    ["both, where they no longer share one", 'receive_mode = "webhook"\nport = 8081', "", ["lark", "feishu"]],
    ["both, where the one becomes the other", "", "use_feishu = true", ["lark", "feishu"]],
  ])("of Lark and Feishu restarts %s", async (_title, before, after, leaving) => {
    const feishu = '[channels_config.feishu]\napp_id = "cli_2"\napp_secret = "secret-of-feishu"\nreceive_mode = "webhook"\nport = 8081\n';
    const lark = (keys: string): string => `[channels_config.lark]\napp_id = "cli_1"\napp_secret = "secret-of-lark"\n${keys}\n`;
    const modules = { "@revka/channel-lark/definition": { larkDefinition } };
    const load = (keys: string): Promise<LoadedConfig> => loadText(lark(keys) + feishu, { modules });
    const told: (readonly string[])[] = [];
    const gateway = { channels: [], reconfigure: (change: ChannelChange) => Promise.resolve(void told.push(change.leaving)) };
    await createReload(await load(before), { gateway, load: () => load(after), logger, redactor, onApplied: () => undefined })();
    expect(told).toEqual([leaving]);
  });

  it("compares with what was applied last, not with what was started", async () => {
    const changed = mochatSection("poll_interval_secs = 9");
    expect(await reloading(mochatSection(), changed, changed, mochatSection())).toHaveLength(2);
  });

  it("changes nothing for a broken file, says every problem, and applies the mended one", async () => {
    const broken = `${mochatSection('api_url = "x"', "poll_interval_secs = 0")}[log]\nlevel = "loud"\n`;
    expect(await reloading(mochatSection(), broken)).toEqual([]);
    const errors = logger.entries.filter(({ level }) => level === "error").map(({ message }) => message);
    expect(errors).toHaveLength(4);
    for (const key of ["api_url", "poll_interval_secs", "level"]) expect(errors.join("\n")).toContain(`${key}: found`);
    expect(errors.at(-1)).toBe("The changed configuration is not applied: everything goes on as it was");
    expect(await reloading(mochatSection(), broken, mochatSection("poll_interval_secs = 9"))).toHaveLength(1);
  });

  it("goes on when the file is gone", async () => {
    const first = await loadText(mochatSection());
    const nothing = { channels: [], reconfigure: () => Promise.reject(new TypeError("not to be called")) };
    await createReload(first, { gateway: nothing, load: () => loadText(undefined), logger, redactor, onApplied: ({ log }) => void levels.push(log.level) })();
    expect(logger.text()).toContain("found no file");
    expect(logger.text()).toContain("everything goes on as it was");
  });

  it("has what all channels share hold at once, and restarts no channel for it", async () => {
    const started = mochatSection();
    const changed = `[channels_config]\nqueue_cap = 3\nstream_mode = "partial"\n${started}[media]\nmax_outbound_mb = 1\n[multimodal]\nmax_images = 1\n[log]\nlevel = "debug"\n`;
    expect(await reloading(started, changed, started)).toEqual([NOTHING, NOTHING]);
    expect(adopted).toMatchObject([
      { dispatch: { queueCap: 3, streamMode: "partial" }, media: { maxOutboundBytes: 1024 * 1024 }, multimodal: { maxImages: 1 } },
      { dispatch: { queueCap: 20, streamMode: "off" }, multimodal: { maxImages: 4 } },
    ]);
    expect(levels).toEqual(["debug", "info"]);
    expect(logger.entries).toMatchObject([
      { message: "Configuration applied", fields: { restarted: [], tables: ["[channels_config]", "[multimodal]", "[media]", "level of [log]"] } },
      { message: "Configuration applied" },
    ]);
  });

  it("has the channels connect anew that go by a [proxy] that changed", async () => {
    const proxy = '[proxy]\nenabled = true\nall_proxy = "http://127.0.0.1:9"\n';
    const channels = mochatSection('proxy_url = "http://a:1"') + WECOM;
    expect(await reloading(channels, channels + proxy)).toEqual([{ leaving: ["wecom"], coming: ["wecom"] }]);
    expect(logger.entries.find(({ message }) => message === "Channel configured")?.fields).toMatchObject({ channel: "wecom", proxy: "http://127.0.0.1:9" });
  });

  it("names what only a restart applies, once a reload, as long as it differs from the start", async () => {
    const started = mochatSection();
    const changed = `${started}[log]\nformat = "pretty"\n[agent]\nkind = "echo"\ndelay_ms = 1\n[state]\nsynchronous = "full"\n[ops]\nport = 0\n`;
    expect(await reloading(started, changed, started)).toEqual([]);
    const warnings = logger.entries.filter(({ message }) => message.includes("restart revka daemon"));
    expect(warnings.map(({ message }) => message)).toEqual(["Changed, but not applied while running: format of [log], [agent], [state], [ops]; restart revka daemon"]);
  });

  it("says what is odd about the new file, once", async () => {
    const odd = `${mochatSection("pol_interval_secs = 9")}[channels_config.qq]\n`;
    await reloading(mochatSection(), odd, odd);
    const warnings = logger.entries.filter(({ level }) => level === "warn").map(({ message }) => message);
    expect(warnings).toEqual([expect.stringContaining("channels_config.mochat.pol_interval_secs"), expect.stringContaining("@revka/channel-qq")]);
  });

  it("learns new secrets before anything can log them", async () => {
    await reloading(mochatSection(), mochatSection('api_token = "planted-new-token"'));
    expect(redactor.text("the token is planted-new-token")).toBe("the token is ***");
    expect(logger.text()).not.toContain("planted-new-token");
  });

  it("changes nothing when a channel cannot be made, and tries again at the next change", async () => {
    let isBroken = true;
    const fragile = {
      ...mochatDefinition,
      create: (...args: Parameters<typeof mochatDefinition.create>) => (isBroken ? Promise.reject(new RangeError("no such thing")) : mochatDefinition.create(...args)),
    };
    const modules = { "@revka/channel-mochat/definition": { fragile } };
    let count = 0;
    const gateway = {
      channels: [],
      async reconfigure({ createChannels }: ChannelChange) {
        await createChannels((instance) => createContext(instance));
        count += 1;
      },
    };
    const first = await loadText(mochatSection(), { modules });
    const reload = createReload(first, { gateway, load: () => loadText(mochatSection("poll_interval_secs = 9"), { modules }), logger, redactor, onApplied: ({ log }) => void levels.push(log.level) });
    await reload();
    expect(logger.entries.at(-1)).toMatchObject({ level: "error", fields: { error: "no such thing" } });
    isBroken = false;
    await reload();
    expect(count).toBe(1);
  });
});
