import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { createServer } from "node:net";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RateLimitError, type OutboundMessage } from "@revka/core";
import { createManualClock, recordingLogger, type ManualClock, type RecordingLogger } from "@revka/core/testing";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Gateway, GatewaySnapshot } from "../gateway-options.ts";
import { createTestChannel, type TestChannel } from "../testing/test-channel.test-support.ts";
import { createMetrics, type Metrics } from "./metrics.ts";
import { openOps, type Ops } from "./open-ops.ts";
import { obtainOpsToken } from "./ops-token.ts";
import { readStateFile, stateFileOf } from "./state-file.ts";

let folder: string;
let clock: ManualClock;
let logger: RecordingLogger;
let channel: TestChannel;
let metrics: Metrics;
let snapshot: GatewaySnapshot;
let maxFileBytes: number;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "revka-ops-"));
  clock = createManualClock();
  logger = recordingLogger();
  maxFileBytes = 3_000_000;
  channel = createTestChannel({ clock, capabilities: { mediaOut: ["image", "file"] } });
  metrics = createMetrics({ clock, version: "1.2.3", features: ["channel-lark"] });
  snapshot = { state: "running", isDegraded: false, unfinished: 3, thinking: 1, channels: [] };
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function open(port = 0): Promise<Ops> {
  const gateway: Gateway = {
    channels: [channel],
    start: () => Promise.resolve(),
    stop: () => Promise.resolve(),
    replay: (seq) => Promise.resolve(seq === 7 ? "replayed" : "unknown"),
    drop: (seq) => Promise.resolve(seq === 7),
    closed: Promise.withResolvers<undefined>().promise,
    reconfigure: () => Promise.resolve(),
    snapshot: () => ({ ...snapshot, channels: [{ name: "test", displayName: "Test", status: channel.status() }] }),
  };
  const subject = { gateway, metrics, agent: "echo", token: obtainOpsToken(folder), clock, startedAt: clock.now(), redact: (text: string) => text.replaceAll("planted", "***"), maxFileBytes: () => maxFileBytes };
  return openOps({ subject, settings: { enabled: true, host: "127.0.0.1", port, isPublicAllowed: false }, folder, logger });
}

function post(ops: Ops, body: unknown, token = obtainOpsToken(folder)): Promise<Response> {
  return fetch(`${ops.url ?? ""}/v1/send`, { method: "POST", headers: { authorization: `Bearer ${token}` }, body: typeof body === "string" ? body : JSON.stringify(body) });
}

describe("/health", () => {
  it("tells how every part stands, without a secret", async () => {
    channel.statusRecorder.set("backoff", "401 for planted");
    await using ops = await open();
    await clock.advance(2_500);
    const reply = await fetch(`${ops.url ?? ""}/health`);
    expect(reply.status).toBe(200);
    expect(await reply.json()).toMatchObject({
      status: "ok",
      runtime: {
        ...{ pid: process.pid, uptime_seconds: 2 },
        components: { daemon: { status: "ok" }, agent: { status: "ok" }, channels: { status: "error" }, "channel:test": { status: "error", last_error: "401 for ***", restart_count: 0 } },
      },
    });
  });
});

describe("/health before the channels begin", () => {
  it("does not say of any that it works", async () => {
    snapshot = { ...snapshot, state: "created" };
    await using ops = await open();
    const { runtime } = (await (await fetch(`${ops.url ?? ""}/health`)).json()) as { runtime: unknown };
    expect(runtime).toMatchObject({ components: { channels: { status: "starting" }, "channel:test": { status: "starting", restart_count: 0 } } });
  });
});

describe("/ready", () => {
  it.each<[string, () => void, number, string[]]>([
    ["everything works", () => channel.statusRecorder.set("connected"), 200, []],
    ["a channel that only sends is idle", () => channel.statusRecorder.set("idle"), 200, []],
    ["a channel is away", () => channel.statusRecorder.set("backoff", "no route to planted"), 503, ["test is backoff: no route to ***"]],
    ["it drains", () => (snapshot = { ...snapshot, state: "draining" }), 503, ["the gateway is draining"]],
    ["the database was damaged", () => (snapshot = { ...snapshot, isDegraded: true }), 503, ["the state database was damaged and an empty one took its place"]],
  ])("answers when %s", async (_title, prepare, status, reasons) => {
    prepare();
    await using ops = await open();
    const reply = await fetch(`${ops.url ?? ""}/ready`);
    expect(reply.status).toBe(status);
    expect(await reply.json()).toEqual(status === 200 ? { status: "ready" } : { status: "not ready", reasons });
  });
});

describe("/metrics", () => {
  it("tells what happened, in Prometheus' text format and without ids", async () => {
    channel.statusRecorder.set("connected");
    const at = { channel: "test", messageId: "secret-message-id", turnId: "t" };
    await using ops = await open();
    for (const step of ["received", "accepted", "agent-started", "replied", "part-sent", "part-recorded", "settled", "duplicate", "overflow", "dead"] as const) metrics.observe({ ...at, step });
    metrics.observe({ ...at, step: "part-retried", reason: "rate-limit" });
    for (const step of ["transcribed", "not-transcribed"] as const) metrics.observe({ ...at, step, durationMs: 1_500 });
    for (const step of ["denied", "token-refreshed", "token-failed"] as const) metrics.observeChannel({ channel: "test", step });
    metrics.error("channel:test");
    const reply = await fetch(`${ops.url ?? ""}/metrics`);
    expect(reply.headers.get("content-type")).toContain("text/plain; version=0.0.4");
    const text = await reply.text();
    for (const line of [
      'revka_channel_up{channel="test"} 1',
      'revka_channel_reconnects_total{channel="test"} 0',
      'revka_channel_messages_total{channel="test",direction="in"} 1',
      'revka_channel_messages_total{channel="test",direction="out"} 1',
      'revka_denied_total{channel="test"} 1',
      'revka_duplicates_total{channel="test"} 1',
      'revka_overflows_total{channel="test"} 1',
      "revka_accept_seconds_count 1",
      'revka_turn_seconds_count{outcome="answered"} 1',
      'revka_send_seconds_count{channel="test",outcome="sent"} 1',
      'revka_send_retries_total{channel="test",kind="rate-limit"} 1',
      'revka_transcription_seconds_sum{outcome="ok"} 1.5',
      'revka_transcription_seconds_count{outcome="failed"} 1',
      'revka_token_refresh_total{channel="test",outcome="ok"} 1',
      'revka_token_refresh_total{channel="test",outcome="failed"} 1',
      'revka_dead_letters_total{channel="test"} 1',
      'revka_errors_total{component="channel:test"} 1',
      "revka_queue_depth 2",
      "revka_in_flight 1",
      'revka_build_info{version="1.2.3",features="channel-lark"} 1',
    ]) expect(text).toContain(`${line}\n`);
    for (const counter of ["channel_reconnects", "channel_messages", "denied", "send_retries", "token_refresh"]) expect(text).toContain(`# TYPE revka_${counter}_total counter\n`);
    expect(await (await fetch(`${ops.url ?? ""}/metrics`)).text()).toBe(text);
    expect(text).not.toContain("secret-message-id");
  });
});

describe("POST /v1/send", () => {
  it("sends through the running channel", async () => {
    await using ops = await open();
    const reply = await post(ops, { channel: "test", recipient: "c1", text: "hello" });
    expect(reply.status).toBe(200);
    expect(await reply.json()).toMatchObject({ ok: true });
    expect(channel.sent).toMatchObject([{ target: { conversationId: "c1" }, text: "hello", format: "markdown" }]);
    expect(await (await fetch(`${ops.url ?? ""}/metrics`)).text()).toContain('revka_channel_messages_total{channel="test",direction="out"} 1\n');
  });

  it.each([
    ["another token", { channel: "test", text: "x" }, "f".repeat(64), 401],
    ["no JSON", "{", undefined, 400],
    ["neither text nor file", { channel: "test", text: " " }, undefined, 400],
    ["a file that is no base64", { channel: "test", file: { name: "a", bytes: "%%%%" } }, undefined, 400],
    ["a file that the channel cannot send", { channel: "test", recipient: "c1", file: { name: "empty.txt", bytes: "" } }, undefined, 415],
    ["an unknown channel", { channel: "qq", text: "x" }, undefined, 404],
    ["no recipient where the channel has many", { channel: "test", text: "x" }, undefined, 400],
    ["a file that is too large", { channel: "test", recipient: "c1", file: { name: "a", bytes: Buffer.alloc(3_000_001).toString("base64") } }, undefined, 413],
    ["a body without end", "x".repeat(5_100_000), undefined, 413],
    ["a body without end, of somebody without the token, before reading it", "x".repeat(5_100_000), "f".repeat(64), 401],
  ])("refuses %s", async (_title, body, token, status) => {
    await using ops = await open();
    expect((await post(ops, body, token)).status).toBe(status);
    expect(channel.tried).toEqual([]);
  });

  it("sends a file, of megabytes too, as what it is where the channel can", async () => {
    const bytes = Buffer.concat([Buffer.from("89504e470d0a1a0a", "hex"), Buffer.alloc(2_900_000)]);
    await using ops = await open();
    const reply = await post(ops, { channel: "test", recipient: "c1", file: { name: "cat.png", bytes: bytes.toString("base64") } });
    expect([reply.status, await reply.json()]).toMatchObject([200, { ok: true }]);
    const [{ text, media }] = channel.sent as [OutboundMessage];
    expect([text, media]).toMatchObject(["", { kind: "image", name: "cat.png", mediaType: "image/png" }]);
    expect(media !== undefined && "bytes" in media && bytes.equals(media.bytes)).toBe(true);
  });

  it("tells what the platform said", async () => {
    channel.failSends(new RateLimitError("slow down, planted", { retryAfterMs: 1_000 }));
    await using ops = await open();
    const reply = await post(ops, { channel: "test", recipient: "c1", text: "x" });
    expect(reply.status).toBe(429);
    expect(await reply.json()).toEqual({ ok: false, error: "rate-limit", message: "slow down, ***" });
  });
});

describe("POST /v1/inbox", () => {
  it.each([
    ["7/replay", 200, { ok: true }],
    ["8/replay", 404, { ok: false, error: "unknown" }],
    ["7/drop", 200, { ok: true }],
    ["8/drop", 404, { ok: false, error: "unknown" }],
    ["x/drop", 404, { error: "not-found" }],
    ["7/burn", 404, { error: "not-found" }],
  ])("answers %s", async (path, status, body) => {
    await using ops = await open();
    const reply = await fetch(`${ops.url ?? ""}/v1/inbox/${path}`, { method: "POST", headers: { authorization: `Bearer ${obtainOpsToken(folder)}` } });
    expect([reply.status, await reply.json()]).toEqual([status, body]);
  });

  it("wants the token", async () => {
    await using ops = await open();
    expect((await fetch(`${ops.url ?? ""}/v1/inbox/7/drop`, { method: "POST" })).status).toBe(401);
  });
});

describe("the operations listener", () => {
  it.each([["GET", "/", 404], ["POST", "/health", 405], ["GET", "/v1/send", 405], ["GET", "/healthy", 404]])("answers %s %s with %i", async (method, path, status) => {
    await using ops = await open();
    expect((await fetch(`${ops.url ?? ""}${path}`, { method })).status).toBe(status);
  });

  it("does without a port that is taken, and says so", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const { port } = other.address() as { port: number };
    await using ops = await open(port);
    expect(ops.url).toBeUndefined();
    expect(logger.text()).toContain(`127.0.0.1:${port} cannot be listened on (EADDRINUSE)`);
    other.close();
  });
});

describe("the state file", () => {
  it("tells where the listener is while the daemon runs, and that it stopped", async () => {
    const ops = await open();
    await clock.untilPending(1);
    expect(readStateFile(folder)).toMatchObject({ pid: process.pid, state: "running", ops: { url: ops.url } });
    expect(statSync(stateFileOf(folder)).mode & 0o777).toBe(0o600);
    const first = readFileSync(stateFileOf(folder), "utf8");
    await clock.advance(5_000);
    await clock.untilPending(1);
    expect(readFileSync(stateFileOf(folder), "utf8")).not.toBe(first);
    await ops[Symbol.asyncDispose]();
    expect(readStateFile(folder)).toMatchObject({ state: "stopped" });
    expect(readStateFile(folder)).not.toHaveProperty("ops");
    expect(existsSync(`${stateFileOf(folder)}.tmp`)).toBe(false);
  });
});
