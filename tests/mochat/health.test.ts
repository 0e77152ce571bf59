import type { Fault } from "@revka/sandbox";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { openMochat } from "../support/mochat-house.ts";

const TARGET = { conversationId: "u-1" };

describe("checkHealth", () => {
  it.each([
    [200, true, "200 OK"],
    [204, true, "204 No Content"],
    [401, false, "401 Unauthorized"],
    [503, false, "503 Service Unavailable"],
    ["redirect", false, "302 Found"],
  ] as const)("of a bridge that answers with %s says %s (MOCHAT-23, MOCHAT-41)", async (health, ok, detail) => {
    const { sandbox, mochat, open } = await openMochat();
    mochat.behave({ health });
    expect(await open().checkHealth()).toEqual({ ok, latencyMs: 0, detail });
    expect(sandbox.record.entries[0]).toMatchObject({ method: "GET", path: "/api/health", headers: { authorization: `Bearer ${mochat.token}` } });
  });

  it("is false after a redirect, wherever it leads (MOCHAT-41)", async () => {
    const { sandbox, mochat, open } = await openMochat();
    sandbox.faults.add({ path: "/api/health", fault: { kind: "answer", status: 301, headers: { location: `${mochat.url}/api/message/receive` } } });
    expect(await open().checkHealth()).toMatchObject({ ok: false });
  });

  it("asks with the configured token (MOCHAT-41)", async () => {
    const { open } = await openMochat();
    expect(await open({ apiToken: "outdated-token" }).checkHealth()).toMatchObject({ ok: false, detail: "401 Unauthorized" });
  });

  it("is false while nobody listens at the address", async () => {
    const { sandbox, open } = await openMochat();
    await sandbox.pause();
    expect(await open().checkHealth()).toMatchObject({ ok: false, detail: expect.stringContaining("ECONNREFUSED") as string });
  });

  it("gives a bridge that hangs ten seconds, then hangs up (MOCHAT-42, MOCHAT-55)", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    onTestFinished(() => void vi.useRealTimers());
    const { sandbox, open } = await openMochat();
    const { struck } = sandbox.faults.add({ fault: { kind: "hang" } });
    const report = open().checkHealth();
    await struck;
    vi.advanceTimersByTime(10_000);
    expect(await report).toMatchObject({ ok: false, detail: expect.stringContaining("no answer within 10000 ms") as string });
    expect(await sandbox.record.next(() => true)).toMatchObject({ outcome: "dropped" });
  });

  it("neither posts nor polls", async () => {
    const { sandbox, mochat, open } = await openMochat();
    await open().checkHealth();
    expect(sandbox.record.entries.map(({ path }) => path)).toEqual(["/api/health"]);
    expect(mochat.sent).toEqual([]);
  });
});

describe("the status", () => {
  it("follows the poller through a refusal, an outage and back (MOCHAT-57)", async () => {
    const { sandbox, mochat, listen, spoilPolls } = await openMochat();
    const { channel, rest, pass, stop } = listen();
    const states = [channel.status().state];
    await rest();
    states.push(channel.status().state);
    spoilPolls({ fault: { kind: "answer", status: 401 } });
    await pass();
    states.push(channel.status().state);
    await sandbox.pause();
    await pass();
    states.push(channel.status().state);
    await sandbox.resume();
    mochat.say("u-1", "hello");
    await pass();
    states.push(channel.status().state);
    await stop();
    expect([...states, channel.status().state]).toEqual(["connecting", "connected", "failed", "backoff", "connected", "stopped"]);
    expect(channel.status()).toMatchObject({ reconnects: 1 });
  });

  it("says failed when a send finds the token refused (MOCHAT-57)", async () => {
    const { open } = await openMochat();
    const channel = open({ apiToken: "outdated-token" });
    await expect(channel.send({ target: TARGET, text: "hello" })).rejects.toMatchObject({ code: "auth" });
    expect(channel.status().state).toBe("failed");
  });
});

describe("the token", () => {
  const echoes: readonly (readonly [string, (token: string) => Fault])[] = [
    ["a 401 that repeats it", (token) => ({ kind: "answer", status: 401, body: `bad token ${token}` })],
    ["a page that repeats it", (token) => ({ kind: "answer", body: `<p>Bearer ${token}</p>` })],
    ["a message that repeats it", (token) => ({ kind: "answer", body: JSON.stringify({ code: 1, msg: `bad token ${token}` }) })],
    ["a redirect to it", (token) => ({ kind: "answer", status: 302, headers: { location: `http://elsewhere.invalid/${token}` } })],
    ["a lost answer", () => ({ kind: "reset" })],
  ];

  it.each(echoes)("is in no error, log line or status after %s (MOCHAT-67)", async (_title, faultOf) => {
    const { mochat, logger, listen, spoilPolls, spoilSends } = await openMochat();
    const fault = faultOf(mochat.token);
    for (const spoil of [spoilPolls, spoilSends]) spoil({ times: "always", fault });
    const { channel, pass } = listen();
    await pass(2);
    const error: unknown = await channel.send({ target: TARGET, text: "hello" }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ isChannelError: true });
    logger.error({ error, status: channel.status() }, "what the test looks through when it is over");
  });
});
