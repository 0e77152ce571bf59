import { writeFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { freePort } from "../support/port.ts";
import { revka } from "../support/revka.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { ask, openDaemonHouse, sampleFeishu, sampleLark, webhookSection } from "./daemon.ts";

const LEGACY = "Using legacy [channels_config.lark].use_feishu=true compatibility path; prefer [channels_config.feishu]";
const BOTH = "Both [channels_config.feishu] and legacy [channels_config.lark].use_feishu=true are configured; ignoring legacy Feishu fallback in lark.";

describe("a daemon with the specification's sample sections", { timeout: 60_000 }, () => {
  it("answers on Lark and on Feishu, each with its own connection (LARK-10, LARK-11, LARK-33, LARK-70, GW-30, GW-34)", async () => {
    const { sandbox: { lark, feishu }, start } = await openDaemonHouse();
    const daemon = await start(sampleLark(lark) + sampleFeishu(feishu));
    await Promise.all([lark.nextConnection(), feishu.nextConnection()]);
    expect(await ask(lark, "hello Lark")).toMatchObject({ via: "reply", kind: "interactive", text: "hello Lark" });
    expect(await ask(feishu, "hello Feishu")).toMatchObject({ via: "reply", kind: "interactive", text: "hello Feishu" });
    expect([lark.connections.length, feishu.connections.length]).toEqual([1, 1]);
    expect(await daemon.end("SIGTERM")).toBe(0);
    expect(daemon.output()).not.toContain("use_feishu");
  });

  it("targets Feishu with the feishu section alone (LARK-30, GW-31)", async () => {
    const { sandbox: { feishu, lark, record }, start } = await openDaemonHouse();
    const daemon = await start(`${sampleFeishu(feishu)}use_feishu = true # a key of the lark section\n`);
    await feishu.nextConnection();
    expect(await ask(feishu, "hello")).toMatchObject({ text: "hello" });
    expect(await daemon.logged("channels_config.feishu.use_feishu")).toContain('"level":"warn"');
    expect(lark.connections).toEqual([]);
    expect(record.entries.filter(({ platform }) => platform === "lark")).toEqual([]);
  });

  it("takes the old way to Feishu, and says so (LARK-31, GW-32)", async () => {
    const { sandbox: { feishu }, start } = await openDaemonHouse();
    const daemon = await start(sampleLark(feishu, true));
    await feishu.nextConnection();
    expect(await ask(feishu, "hello")).toMatchObject({ text: "hello" });
    expect(await daemon.logged(LEGACY)).toContain('"level":"warn"');
    expect(await daemon.logged("Lark: WS connected")).toContain('"channel":"feishu"');
  });

  it("starts the feishu section alone where both lead to Feishu, and warns (LARK-32, LARK-72, GW-33)", async () => {
    const { sandbox: { lark, feishu, record }, start } = await openDaemonHouse();
    const daemon = await start(sampleLark(lark, true) + sampleFeishu(feishu));
    await feishu.nextConnection();
    expect(await ask(feishu, "hello")).toMatchObject({ text: "hello" });
    expect(await daemon.logged(BOTH)).toContain('"level":"warn"');
    expect(feishu.connections).toHaveLength(1);
    expect(record.entries.filter(({ platform }) => platform === "lark")).toEqual([]);
  });
});

describe("a daemon with webhooks", { timeout: 60_000 }, () => {
  it("serves both sections on one port, each at its path (GW-35)", async () => {
    const { sandbox: { lark, feishu }, start } = await openDaemonHouse();
    const port = freePort();
    const daemon = await start(webhookSection("lark", lark, port) + webhookSection("feishu", feishu, port, 'verification_token = "feishu-sandbox-token"'));
    for (const path of ["/lark", "/feishu"]) await daemon.logged(`Lark event callback server listening on 127.0.0.1:${port}${path}`);
    for (const [platform, path] of [[lark, "/lark"], [feishu, "/feishu"]] as const) {
      expect(await platform.useWebhook(`http://127.0.0.1:${port}${path}`)).toMatchObject({ isAccepted: true });
      expect(await ask(platform, `hello at ${path}`)).toMatchObject({ text: `hello at ${path}` });
    }
    expect(daemon.output().split("\n").filter((line) => line.includes("anyone who knows the webhook's URL can forge events"))).toHaveLength(1);
    expect(await daemon.end("SIGTERM")).toBe(0);
  });

  it("does not start one without a port, in the specification's words (LARK-61, GW-19)", async () => {
    const folder = await tempFolder();
    const section = '[channels_config.lark]\napp_id = "cli_xxx"\napp_secret = "a-secret"\nreceive_mode = "webhook"\n';
    await writeFile(`${folder}/config.toml`, section, { mode: 0o600 });
    const { exitCode, stderr } = await revka(["daemon", "--config", folder]);
    expect(exitCode).toBe(78);
    expect(stderr).toContain("Lark webhook mode requires port to be set in [channels_config.lark]");
    expect(stderr).not.toContain("a-secret");
  });
});

describe("a daemon that is started again", { timeout: 60_000 }, () => {
  it("goes by what the file says then (LARK-27, LARK-46)", async () => {
    const { sandbox: { lark, record }, start } = await openDaemonHouse();
    const first = await start(sampleLark(lark));
    await lark.nextConnection();
    await ask(lark, "hello");
    expect(await first.end("SIGTERM")).toBe(0);

    const before = record.entries.length;
    const second = await start(sampleLark(lark).replace('["*"]', '["on_bob"]'));
    const { id: connection } = await lark.nextConnection();
    const refused = lark.say("ou_ann", "still me");
    while ((await lark.nextAck()).id !== refused);
    expect(await second.logged("Lark WS: ignoring ou_ann (not in allowed_users)")).toContain('"level":"warn"');
    expect(await ask(lark, "hello, by union id", "ou_bob")).toMatchObject({ text: "hello, by union id" });
    const touched = record.entries.slice(before).filter(({ path, body }) => `${path} ${body.text}`.includes(refused));
    expect(touched).toEqual([]);
    expect(lark.connections.map(({ id }) => id)).toEqual([connection]);
  });

  it("answers once what came over the socket and through the webhook when it was killed with -9", async () => {
    const { sandbox: { lark, feishu }, start } = await openDaemonHouse();
    for (const platform of [lark, feishu]) platform.behave({ retryAfterMs: Array.from({ length: 1_000 }, () => 200) });
    const port = freePort();
    const sections = sampleLark(lark) + webhookSection("feishu", feishu, port);
    const url = `http://127.0.0.1:${port}/feishu`;
    const first = await start(sections, "delay_ms = 600_000");
    await lark.nextConnection();
    await first.logged("listening on");
    await feishu.useWebhook(url);
    await feishu.nextPost();
    const users = ["ou_ann", "ou_bob"];
    for (const user of users) for (const platform of [lark, feishu]) platform.say(user, "before");
    for (const _user of users) {
      expect(await lark.nextAck()).toMatchObject({ counts: true });
      expect(await feishu.nextPost()).toMatchObject({ kind: "event", isAccepted: true });
    }
    expect(await first.end("SIGKILL")).toBe("SIGKILL");
    for (const user of users) for (const platform of [lark, feishu]) platform.say(user, "meanwhile");
    expect([...lark.sent, ...feishu.sent]).toEqual([]);

    await start(sections);
    for (const platform of [lark, feishu]) {
      for (const user of users) expect([await platform.nextReply(user), await platform.nextReply(user)]).toMatchObject([{ text: "before" }, { text: "meanwhile" }]);
      await ask(platform, "afterwards");
      expect(platform.sent).toHaveLength(5);
    }
  });
});
