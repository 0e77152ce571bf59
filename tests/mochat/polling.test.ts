import { describe, expect, it } from "vitest";
import { openMochat } from "../support/mochat-house.ts";

describe("polling", () => {
  it("begins at once, with the bearer token and without since_id (MOCHAT-12, MOCHAT-18, MOCHAT-26, MOCHAT-35)", async () => {
    const { sandbox, mochat, listen, logged } = await openMochat();
    await listen().rest();
    expect(sandbox.record.entries).toMatchObject([{
      method: "GET", path: "/api/message/receive", query: "", body: { bytes: 0 },
      headers: { authorization: `Bearer ${mochat.token}`, accept: "application/json" },
    }]);
    expect(logged("info")).toEqual(["Mochat: starting message poller"]);
  });

  it.each([[undefined, [0, 5_000, 10_000, 15_000]], [2_000, [0, 2_000, 4_000, 6_000]]])("comes in a fixed interval: with pollIntervalMs %j at %j (MOCHAT-17, MOCHAT-18)", async (pollIntervalMs, expected) => {
    const { listen, pollTimes } = await openMochat();
    await listen(pollIntervalMs === undefined ? {} : { pollIntervalMs }).pass(3);
    expect(pollTimes()).toEqual(expected);
  });

  it("counts the interval from the end of a poll, and never has two under way (MOCHAT-54)", async () => {
    const { mochat, clock, listen, pollTimes, spoilPolls } = await openMochat();
    const slow = spoilPolls({ fault: { kind: "hang" } });
    const { pass } = listen();
    await slow.struck;
    await clock.advance(25_000);
    expect(mochat.polls).toHaveLength(1);
    slow.release();
    await pass(2);
    expect(pollTimes()).toEqual([0, 30_000, 35_000]);
    expect(mochat.polls.every(({ inFlight }) => inFlight === 1)).toBe(true);
  });

  it.each(["/", "///"])("reaches the same place with %j behind api_url (MOCHAT-10)", async (slashes) => {
    const { sandbox, mochat, listen } = await openMochat();
    await listen({ apiUrl: `${mochat.url}${slashes}` }).rest();
    expect(sandbox.record.entries).toMatchObject([{ platform: "mochat", path: "/api/message/receive" }]);
  });

  it("brings a message over with its own id, its sender and its time (MOCHAT-19, MOCHAT-28, MOCHAT-29, MOCHAT-31, MOCHAT-68)", async () => {
    const { mochat, clock, listen, cursors } = await openMochat();
    mochat.say("u-7", "  where is my order?  ");
    const { messages, texts, pass } = listen();
    await pass();
    expect(messages).toMatchObject([{ id: "m-1", channel: "mochat", sender: { id: "u-7" }, conversation: { id: "u-7", kind: "direct" }, sentAt: clock.now() - 5_000 }]);
    expect(texts()).toEqual(["where is my order?"]);
    expect(cursors()).toEqual([undefined, "m-1"]);
  });
});

describe("the cursor", () => {
  it("moves past denied, empty and strange messages, row by row of the vector (MOCHAT-50)", async () => {
    const { mochat, listen, cursors } = await openMochat();
    const { texts, rest, pass } = listen({ allowedUsers: ["u-1"] });
    await rest();
    for (const [user, text] of [["u-1", "a"], ["u-2", "b"], ["u-1", ""]] as const) mochat.say(user, text);
    await pass();
    mochat.say("u-2", "c");
    await pass();
    mochat.say("u-1", "d");
    await pass(2);
    expect(texts()).toEqual(["a", "d"]);
    expect(cursors()).toEqual([undefined, undefined, "m-3", "m-4", "m-5"]);
  });

  it("gets past a whole page of denied messages (MOCHAT-50)", async () => {
    const { mochat, listen, cursors } = await openMochat();
    for (let n = 0; n < 100; n += 1) mochat.say("stranger", "let me in");
    mochat.say("u-1", "behind the crowd");
    const { next } = listen({ allowedUsers: ["u-1"] });
    expect((await next()).id).toBe("m-101");
    expect(cursors()).toEqual([undefined, "m-100"]);
  });

  it.each(["text", "number", "big-number", "reserved"] as const)("names ids of the kind %s so that the bridge finds them (MOCHAT-52, MOCHAT-53)", async (ids) => {
    const { mochat, listen, cursors } = await openMochat();
    mochat.behave({ ids, unknownSinceId: 400 });
    const { messages, texts, rest, pass } = listen();
    await rest();
    const said: string[] = [];
    for (let n = 1; n <= 6; n += 1) {
      said.push(mochat.say("u-1", `text ${n}`));
      await pass();
    }
    await pass();
    expect(texts()).toEqual(["text 1", "text 2", "text 3", "text 4", "text 5", "text 6"]);
    expect(messages.map(({ id }) => id)).toEqual(said);
    expect(cursors().slice(2)).toEqual(said);
    expect(mochat.polls.every(({ status }) => status === 200)).toBe(true);
  });

  it.each([
    ["m-1", "?since_id=m-1"],
    ["a b&c=d", "?since_id=a%20b%26c%3Dd"],
    ["msg/1+2", "?since_id=msg%2F1%2B2"],
    ["消息7", "?since_id=%E6%B6%88%E6%81%AF7"],
    ["%41", "?since_id=%2541"],
    ["a#b?c", "?since_id=a%23b%3Fc"],
  ])("%s goes out as %s (MOCHAT-53)", async (messageId, query) => {
    const { mochat, listen } = await openMochat();
    mochat.say("u-1", "hello", { messageId });
    await listen().pass();
    expect(mochat.polls[1]?.query).toBe(query);
  });

  // A page of 50 or more with something new in it counts as part of a backlog, so the bridge is asked once more.
  it.each([["inclusive", [5_000, 10_000, 15_000, 20_000]], ["ignored", [5_000, 10_000, 15_000, 15_000, 20_000]]] as const)(
    "makes no hot loop and no repeats of a bridge to which since_id is %s (MOCHAT-20, MOCHAT-61)", async (sinceId, expected) => {
      const { mochat, listen, pollTimes } = await openMochat();
      mochat.behave({ sinceId });
      for (let n = 1; n <= 60; n += 1) mochat.say("u-1", `text ${n}`);
      const { texts, rest, pass } = listen();
      await rest();
      const before = pollTimes().length;
      await pass(2);
      mochat.say("u-1", "text 61");
      await pass(2);
      expect(texts()).toEqual(Array.from({ length: 61 }, (_, n) => `text ${n + 1}`));
      expect(pollTimes().slice(before)).toEqual(expected);
    },
  );

  it.each(["text", "number"] as const)("goes oldest first through a bridge that answers newest first, with ids of the kind %s", async (ids) => {
    const { mochat, clock, listen, cursors } = await openMochat();
    mochat.behave({ order: "newest-first", ids });
    const said: string[] = [];
    for (let n = 1; n <= 3; n += 1) {
      said.push(mochat.say("u-1", `text ${n}`));
      await clock.advance(1_000);
    }
    const { texts, pass } = listen();
    await pass();
    expect(texts()).toEqual(["text 1", "text 2", "text 3"]);
    expect(cursors()).toEqual([undefined, said[2]]);
  });
});

describe("a backlog", () => {
  it.each(["absent", "has_more", "hasMore"] as const)("of 1000 comes over in ten polls at once, with the hint %s (MOCHAT-61)", async (hasMore) => {
    const { mochat, listen, pollTimes } = await openMochat();
    mochat.behave({ hasMore });
    for (let n = 1; n <= 1_000; n += 1) mochat.say("u-1", `text ${n}`);
    const { texts, rest } = listen();
    await rest();
    expect(texts()).toEqual(Array.from({ length: 1_000 }, (_, n) => `text ${n + 1}`));
    expect(new Set(pollTimes())).toEqual(new Set([0]));
    expect(pollTimes().length).toBeLessThanOrEqual(11);
  });

  it("of very many is drained in bursts of 20 polls after the first, with an interval between them (MOCHAT-61)", async () => {
    const { mochat, listen, pollTimes } = await openMochat();
    mochat.behave({ pageSize: 50 });
    for (let n = 1; n <= 1_500; n += 1) mochat.say("u-1", `text ${n}`);
    const { texts, rest, pass } = listen();
    await rest();
    expect(pollTimes()).toHaveLength(21);
    expect(texts()).toHaveLength(21 * 50);
    await pass();
    expect(texts()).toHaveLength(1_500);
    expect(new Set(pollTimes())).toEqual(new Set([0, 5_000]));
  });

  it("of small pages is drained where the bridge says that more waits (MOCHAT-61)", async () => {
    const { mochat, listen, pollTimes } = await openMochat();
    mochat.behave({ pageSize: 3, hasMore: "has_more" });
    for (let n = 1; n <= 10; n += 1) mochat.say("u-1", `text ${n}`);
    const { texts, rest } = listen();
    await rest();
    expect(texts()).toHaveLength(10);
    expect(pollTimes()).toEqual([0, 0, 0, 0]);
  });

  it("is left alone where the operator says so, and what comes later is not", async () => {
    const { mochat, listen } = await openMochat();
    mochat.say("u-1", "long ago");
    const { texts, rest, pass } = listen({ skipBacklog: true });
    await rest();
    mochat.say("u-1", "now");
    await pass();
    expect(texts()).toEqual(["now"]);
  });
});
