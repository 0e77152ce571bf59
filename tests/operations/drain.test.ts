import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Sandbox } from "@revka/sandbox";
import { describe, expect, it } from "vitest";
import { asShown } from "../dingtalk/as-shown.ts";
import { freePort, isTaken } from "../support/port.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { startDaemon, type Daemon } from "../support/daemon.ts";
import { atWork, openSandbox, sectionOf, tableText } from "../support/sections.ts";

const SEND = "/robot/sendBySession";
/** Longer than any test. */
const FOREVER_MS = 600_000;

interface DrainHouse {
  readonly sandbox: Sandbox;
  readonly folder: string;
  readonly webhookUrl: string;
  /** A daemon on the one folder with all six channels, Feishu by its webhook. */
  readonly start: (over?: { readonly thinkMs?: number; readonly drainSecs?: number }) => Promise<Daemon>;
}

async function openDrainHouse(): Promise<DrainHouse> {
  const sandbox = await openSandbox();
  const { feishu, dingtalk } = sandbox;
  const folder = await tempFolder();
  const port = freePort();
  const webhookUrl = `http://127.0.0.1:${port}/feishu`;
  feishu.behave({ retryAfterMs: Array.from({ length: 1_000 }, () => 100) });
  dingtalk.behave({ redeliverAfterMs: 100, redeliveries: 1_000 });
  const sections = [...(["lark", "dingtalk", "wecom", "qq", "mochat"] as const).map((name) => sectionOf(sandbox, name)), sectionOf(sandbox, "feishu", { receive_mode: "webhook", port })];
  return {
    ...{ sandbox, folder, webhookUrl },
    async start({ thinkMs = 0, drainSecs = 25 } = {}) {
      const shared = [tableText("agent", { kind: "echo", delay_ms: thinkMs }), tableText("channels_config", { drain_timeout_secs: drainSecs })];
      const daemon = await startDaemon(folder, [...shared, ...sections].join("\n"));
      await daemon.logged("listening on 127.0.0.1");
      for (const name of ["lark", "dingtalk", "wecom", "qq", "mochat"] as const) await atWork(sandbox, name, daemon);
      return daemon;
    },
  };
}

/** Nothing of the daemon is left at any platform. */
function expectAllClosed({ lark, dingtalk, qq, mochat }: Sandbox, webhookUrl: string): void {
  expect([lark.connections, dingtalk.connections, qq.connections, mochat.polls.filter(({ outcome }) => outcome === "pending")]).toEqual([[], [], [], []]);
  expect(isTaken(Number(new URL(webhookUrl).port))).toBe(false);
}

describe("a daemon that is told to stop", { timeout: 60_000 }, () => {
  it.each(["SIGTERM", "SIGINT"] as const)("closes every connection and ends with 0, when it has nothing to do (%s)", async (signal) => {
    const { sandbox, folder, webhookUrl, start } = await openDrainHouse();
    const daemon = await start();
    daemon.signal(signal);
    expect(await daemon.ended).toBe(0);
    expectAllClosed(sandbox, webhookUrl);
    expect(daemon.output()).toMatch(/"msg":"Stopping"}\n(?:.*\n)*.*"msg":"Stopped"}\n$/);
    expect(daemon.output()).not.toMatch(/"level":"error"/);
    expect(JSON.parse(await readFile(join(folder, "daemon_state.json"), "utf8"))).toMatchObject({ state: "stopped", components: { daemon: { status: "stopped" } } });
    expect(await (await start()).logged("Config loaded")).toContain("config.toml"); // the folder is free again
  });

  it("takes nothing more and says so, sends what it has begun, and leaves the rest to the next start", async () => {
    const { sandbox, webhookUrl, start } = await openDrainHouse();
    const { dingtalk, feishu, lark, qq, mochat, faults } = sandbox;
    const first = await start();
    expect(await feishu.useWebhook(webhookUrl)).toMatchObject({ isAccepted: true });
    const held = faults.add({ platform: "dingtalk", path: SEND, fault: { kind: "hang" } });
    dingtalk.say("staff-1", "begun");
    await held.struck;
    dingtalk.say("staff-1", "waiting");
    for (const _message of ["begun", "waiting"]) expect(await dingtalk.nextAck()).toMatchObject({ counts: true });

    const connections = [...lark.connections, ...dingtalk.connections, ...qq.connections];
    expect(connections).toHaveLength(3);
    first.signal("SIGTERM");
    await first.logged("Stopping");
    await Promise.all(connections.map(({ closed }) => closed));
    const ready = await fetch(`${first.opsUrl}/ready`);
    expect([ready.status, await ready.json()]).toMatchObject([503, { reasons: expect.arrayContaining(["the gateway is draining"]) as unknown }]);
    feishu.say("ou_ann", "posted meanwhile");
    expect(await feishu.nextPost()).toMatchObject({ kind: "challenge" });
    expect(await feishu.nextPost()).toMatchObject({ kind: "event", status: 503, isAccepted: false });
    mochat.say("user-1", "kept meanwhile");
    dingtalk.say("staff-2", "said meanwhile");
    expect(dingtalk.sent).toEqual([]);

    held.release();
    expect(await dingtalk.nextReply("staff-1")).toMatchObject({ text: "begun" });
    expect(await first.ended).toBe(0);
    expectAllClosed(sandbox, webhookUrl);
    expect([dingtalk.sent.length, feishu.sent, mochat.sent]).toEqual([1, [], []]);

    const second = await start();
    expect(await dingtalk.nextReply("staff-1")).toMatchObject({ text: "waiting" });
    expect(await dingtalk.nextReply("staff-2")).toMatchObject({ text: "said meanwhile" });
    expect(await feishu.nextReply("ou_ann")).toMatchObject({ text: "posted meanwhile" });
    expect(await mochat.nextReply("user-1")).toMatchObject({ text: "kept meanwhile" });
    second.signal("SIGTERM");
    expect(await second.ended).toBe(0);
    expect([dingtalk.sent.length, feishu.sent.length, mochat.sent.length]).toEqual([3, 1, 1]);
  });

  it("sends every part of an answer, when it has sent the first", async () => {
    const { sandbox: { dingtalk, faults }, start } = await openDrainHouse();
    const first = await start();
    const held = faults.add({ platform: "dingtalk", path: SEND, skip: 1, fault: { kind: "hang" } });
    const text = Array.from({ length: 300 }, (_, line) => `line ${line} of a long question`).join("\n");
    dingtalk.say("staff-1", text);
    await held.struck;
    first.signal("SIGTERM");
    await first.logged("Stopping");
    expect(dingtalk.sent).toHaveLength(1);
    held.release();
    expect(await first.ended).toBe(0);
    expect(dingtalk.sent.length).toBeGreaterThan(2);
    expect(dingtalk.sent.map((sent) => asShown(sent.text).trim()).join("\n")).toBe(text);
    const count = dingtalk.sent.length;

    await start();
    dingtalk.say("staff-1", "and now?");
    while ((await dingtalk.nextReply("staff-1")).text !== "and now?");
    expect(dingtalk.sent).toHaveLength(count + 1);
  });

  it.each([
    ["a turn", { thinkMs: FOREVER_MS }],
    ["a send", {}],
  ])("does not wait for %s beyond drain_timeout_secs, and answers after the next start", async (what, over) => {
    const { sandbox: { dingtalk, faults }, start } = await openDrainHouse();
    const first = await start({ drainSecs: 0, ...over });
    const held = faults.add({ platform: "dingtalk", path: SEND, fault: { kind: "hang" } });
    dingtalk.say("staff-1", "hello");
    if (what === "a send") await held.struck;
    else await dingtalk.nextAck();
    first.signal("SIGTERM");
    expect(await first.ended).toBe(0);
    expect(await first.logged("The drain took too long; what is left waits for the next start")).toContain('"unfinished":1');
    expect(dingtalk.sent).toEqual([]);
    held.release();

    await start();
    expect(await dingtalk.nextReply("staff-1")).toMatchObject({ text: "hello" });
    expect(dingtalk.sent).toHaveLength(1);
  });

  it.each([["SIGTERM", "SIGTERM"], ["SIGTERM", "SIGINT"], ["SIGINT", "SIGINT"]] as const)("ends at once with 130 when it is told again (%s, %s), and loses nothing by that", async (signal, again) => {
    const { sandbox: { dingtalk, faults }, start } = await openDrainHouse();
    const first = await start();
    const held = faults.add({ platform: "dingtalk", path: SEND, fault: { kind: "hang" } });
    dingtalk.say("staff-1", "hello");
    await held.struck;
    first.signal(signal);
    await first.logged("Stopping");
    first.signal(again);
    expect(await first.ended).toBe(130);
    held.release();

    await start();
    expect(await dingtalk.nextReply("staff-1")).toMatchObject({ text: "hello" });
    expect(dingtalk.sent).toHaveLength(1);
  });
});
