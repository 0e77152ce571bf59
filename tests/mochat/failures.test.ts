import { startSandbox, type Fault } from "@revka/sandbox";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { openMochat } from "../support/mochat-house.ts";

/** The same answer to every poll. */
const always = (fault: Fault): { times: "always"; fault: Fault } => ({ times: "always", fault });
const answer = (status: number, body = "", headers: Readonly<Record<string, string>> = {}): Fault => ({ kind: "answer", status, body, headers });

const BACKOFF = [5_000, 10_000, 20_000, 40_000, 60_000, 60_000, 60_000, 60_000, 60_000, 60_000];

describe("a bridge that fails for now", () => {
  it.each([[0, 0.8], [0.5, 1], [0.999_999_999, 1.2]])("ten times is asked ever more slowly, with jitter %f up to 60 s, and one success returns to the interval (MOCHAT-38, MOCHAT-56)", async (random, factor) => {
    const { listen, logged, spoilPolls } = await openMochat();
    spoilPolls({ times: 10, fault: answer(500, "out of order") });
    const { channel, pass } = listen({ random: () => random });
    const waits = await pass(12);
    expect(waits.slice(0, 10).map(Math.round)).toEqual(BACKOFF.map((ms) => Math.round(Math.min(ms * factor, 60_000))));
    expect(waits.slice(10)).toEqual([5_000, 5_000]);
    expect(channel.status().state).toBe("connected");
    expect(logged("warn")).toEqual(["Mochat: poll request failed (500 Internal Server Error): out of order"]);
    expect(logged("info")).toContain("Mochat: polling works again");
  });

  it.each<[string, Fault, RegExp]>([
    ["a page of HTML", answer(200, "<html>hello</html>"), /^Mochat: failed to parse response: /],
    ["truncated JSON", { kind: "truncate" }, /^Mochat: failed to parse response: /],
    ["an answer that breaks off", { kind: "cut" }, /^Mochat: poll request error: /],
    ["a reset", { kind: "reset" }, /^Mochat: poll request error: /],
    ["an answer of 9 MiB", { kind: "pad", bytes: 9 * 1024 * 1024 }, /^Mochat: poll request error: .*larger than/],
    ["a status of 408", answer(408), /^Mochat: poll request failed \(408 Request Timeout\): /],
    ["a body code of 500", answer(200, '{"code":500,"msg":"db down"}'), /^Mochat: poll request failed \(200 OK\): .*db down/],
    ["a JSON string", answer(200, '"ok"'), /^Mochat: failed to parse response: /],
  ])("with %s loses nothing and is asked again later (MOCHAT-37, MOCHAT-38, MOCHAT-39, MOCHAT-59)", async (_title, fault, line) => {
    const { mochat, listen, cursors, logged, spoilPolls } = await openMochat();
    mochat.say("u-1", "one");
    const { channel, texts, rest, pass } = listen();
    await rest();
    mochat.say("u-1", "two");
    spoilPolls({ times: 2, fault });
    expect(await pass(2)).toEqual([5_000, 5_000]);
    expect(channel.status().state).toBe("backoff");
    expect(await pass()).toEqual([10_000]);
    expect(texts()).toEqual(["one", "two"]);
    expect(cursors()).toEqual([undefined, "m-1", "m-1", "m-1"]);
    expect(logged("warn")).toEqual([expect.stringMatching(line)]);
  });

  it("by not being there is found again (MOCHAT-39)", async () => {
    const { sandbox, mochat, listen, logged } = await openMochat();
    const { channel, texts, pass, rest } = listen();
    await rest();
    await sandbox.pause();
    await pass(2);
    expect(channel.status().state).toBe("backoff");
    mochat.say("u-1", "anybody home?");
    await sandbox.resume();
    await pass();
    expect(texts()).toEqual(["anybody home?"]);
    expect(logged("warn")).toEqual([expect.stringMatching(/^Mochat: poll request error: .*ECONNREFUSED/)]);
  });

  it("by never answering costs 30 s, and then works on (MOCHAT-55)", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    onTestFinished(() => void vi.useRealTimers());
    const { mochat, listen, logged, spoilPolls } = await openMochat();
    const { struck } = spoilPolls({ fault: { kind: "hang" } });
    mochat.say("u-1", "hello");
    const { texts, rest, pass } = listen();
    await struck;
    vi.advanceTimersByTime(29_999);
    expect(mochat.polls[0]?.outcome).toBe("pending");
    vi.advanceTimersByTime(1);
    await rest();
    expect(logged("warn")).toEqual([expect.stringContaining("no answer within 30000 ms")]);
    await pass();
    expect(texts()).toEqual(["hello"]);
  });
});

describe("a bridge that refuses us", () => {
  it.each([[401, 0, 48_000], [403, 0.5, 60_000], [200, 0.999_999_999, 72_000]] as const)(
    "the token, with %i, is asked once a minute until it takes it (MOCHAT-57)", async (authRefusal, random, expected) => {
      const { mochat, listen, logged } = await openMochat();
      const { token } = mochat;
      mochat.behave({ authRefusal });
      mochat.acceptToken("rotated");
      mochat.say("u-1", "hello");
      const { channel, texts, pass } = listen({ apiToken: token, random: () => random });
      expect((await pass(3)).map(Math.round)).toEqual([expected, expected, expected]);
      expect(channel.status().state).toBe("failed");
      expect(logged("error")).toHaveLength(1);
      mochat.acceptToken(token);
      await pass();
      expect(channel.status().state).toBe("connected");
      expect(await pass()).toEqual([5_000]);
      expect(texts()).toEqual(["hello"]);
      expect(logged("error")).toHaveLength(1);
    },
  );

  it("the address, with 404, is asked once a minute (MOCHAT-57)", async () => {
    const { mochat, listen, logged } = await openMochat();
    const { channel, pass } = listen({ apiUrl: `${mochat.url}/elsewhere` });
    expect(await pass(2)).toEqual([60_000, 60_000]);
    expect(channel.status().state).toBe("failed");
    expect(logged("error")).toEqual([expect.stringContaining("Mochat: poll request failed (404 Not Found)")]);
  });

  it.each([400, 404, 410] as const)("the cursor, with %i, three times, is asked once without it, and repeats reach nobody", async (unknownSinceId) => {
    const { mochat, sandbox, listen, cursors, logged } = await openMochat();
    mochat.say("u-1", "one");
    mochat.say("u-1", "two");
    const before = listen();
    await before.rest();
    await before.stop();
    sandbox.reset();
    mochat.behave({ unknownSinceId });
    mochat.say("u-1", "an id that was seen");
    mochat.inject({ messageId: "other-1", fromUserId: "u-1", content: "three" });
    const { texts, pass } = listen();
    await pass(4);
    expect(texts()).toEqual(["three"]);
    expect(cursors()).toEqual(["m-2", "m-2", "m-2", undefined, "other-1"]);
    expect(logged("warn")).toContain("Mochat: the bridge refuses since_id, polling once without it");
  });
});

describe("a bridge that asks for patience", () => {
  const START = Date.UTC(2026, 0, 1);

  it.each<[number, string, number]>([
    [429, "7", 7_000],
    [503, "7", 7_000],
    [429, "2", 5_000],
    [429, "86400", 300_000],
    [429, new Date(START + 30_000).toUTCString(), 30_000],
    [503, new Date(START - 30_000).toUTCString(), 5_000],
    [429, "soon", 5_000],
  ])("with %i and Retry-After %s gets it, at least the backoff and at most 5 min (MOCHAT-58)", async (status, retryAfter, waitMs) => {
    const { listen, spoilPolls } = await openMochat();
    spoilPolls({ fault: answer(status, "", { "retry-after": retryAfter }) });
    expect(await listen().pass(2)).toEqual([waitMs, 5_000]);
  });
});

describe("a redirect", () => {
  it("to another host is not followed, and the token stays here", async () => {
    const other = await startSandbox();
    onTestFinished(() => other.close());
    const { listen, open, spoilPolls, spoilSends } = await openMochat();
    const redirect = (path: string): Fault => answer(307, "", { location: `${other.mochat.url}${path}` });
    spoilPolls(always(redirect("/api/message/receive")));
    spoilSends(always(redirect("/api/message/send")));
    const { channel, pass } = listen();
    expect(await pass()).toEqual([60_000]);
    expect(channel.status().state).toBe("failed");
    await expect(open().send({ target: { conversationId: "u-1" }, text: "hello" })).rejects.toMatchObject({ code: "platform", platformCode: "307" });
    expect(other.record.entries).toEqual([]);
  });

  it("within the same host is followed with the token", async () => {
    const { sandbox, mochat, listen, spoilPolls } = await openMochat();
    mochat.say("u-1", "hello");
    spoilPolls({ fault: answer(307, "", { location: `${mochat.url}/api/message/receive?moved=1` }) });
    const { texts, rest } = listen();
    await rest();
    expect(texts()).toEqual(["hello"]);
    expect(sandbox.record.entries[1]?.headers["authorization"]).toBe(`Bearer ${mochat.token}`);
  });
});

describe("time", () => {
  it("to wait for that lies in the past, as after a jump of the clock, makes no negative wait", async () => {
    const { clock, listen, spoilPolls } = await openMochat();
    spoilPolls(always(answer(503, "", { "retry-after": new Date(clock.now() - 3_600_000).toUTCString() })));
    const waits = await listen().pass(3);
    expect(waits).toEqual([5_000, 10_000, 20_000]);
  });

  it("passes without a flood of log lines while the bridge is down (MOCHAT-56)", async () => {
    const { listen, logged, spoilPolls } = await openMochat();
    spoilPolls(always(answer(500)));
    await listen().pass(60);
    expect(logged("warn")).toHaveLength(4);
  });
});
