import type { QqConnection } from "@revka/sandbox";
import { describe, expect, it } from "vitest";
import { openQq, PATHS, until, type ListenOptions, type Listener, type QqHouse } from "./qq-house.ts";

interface Broken extends QqHouse, Listener {
  readonly connection: QqConnection;
  /** What came on the first connection is "before"; on the next, after `waitMs`, it may go on. */
  readonly reconnected: (waitMs?: number) => Promise<QqConnection>;
}

/** A channel that has heard one message, and whose connection then ends in this way. */
async function openBroken(end: (connection: QqConnection) => void, options?: ListenOptions): Promise<Broken> {
  const house = await openQq();
  const listener = await house.listening(options);
  house.qq.say("user-1", "before");
  await listener.next();
  await house.pass(1_000);
  end(listener.connection);
  return {
    ...house, ...listener,
    async reconnected(waitMs = 3_000) {
      const connected = house.qq.nextConnection();
      await house.pass(waitMs);
      const successor = await connected;
      await until(() => successor.state !== "open");
      await house.pass(1_000);
      return successor;
    },
  };
}

const kinds = ({ qq }: Pick<QqHouse, "qq">): readonly unknown[] => qq.logins.map(({ kind, outcome }) => [kind, outcome]);

const IDENTIFIED = ["identify", "ready"];
const RESUMED = ["resume", "resumed"];

describe("a connection that ends", () => {
  it.each<[string, (connection: QqConnection) => void]>([
    ["without a closing frame", (connection) => connection.terminate()],
    ["by a reset", (connection) => connection.reset()],
    ["with 1000", (connection) => connection.close(1000)],
    ["with 1001", (connection) => connection.close(1001)],
    ["with 4000", (connection) => connection.close(4000)],
    ["with 4009, as it does every half hour", (connection) => connection.close(4009, "Session timed out")],
    ["because it is told to reconnect (op 7)", (connection) => connection.reconnect()],
    ["because its session is invalid for now (op 9 with true)", (connection) => connection.invalidate(true)],
  ])("%s is resumed: what was said meanwhile comes once, in order, and nothing again (QQ-19)", async (_title, end) => {
    const house = await openBroken(end);
    const { qq, connection, texts, reconnected } = house;
    await until(() => qq.connections.length === 0 || connection.state === "closed");
    for (const text of ["one", "two", "three"]) qq.say("user-1", text);
    await reconnected(10_000);
    qq.say("user-1", "after");
    await until(() => texts().includes("after"));
    expect(texts()).toEqual(["before", "one", "two", "three", "after"]);
    expect(kinds(house)).toEqual([IDENTIFIED, RESUMED]);
    const [first, second] = qq.logins;
    expect(second).toMatchObject({ session: first?.session, s: 2, token: first?.token });
    expect(qq.connections).toHaveLength(1);
    expect(house.channel.status()).toMatchObject({ state: "connected", reconnects: 1 });
  });

  it.each<[string, (connection: QqConnection) => void]>([
    ["with 4003", (connection) => connection.close(4003)],
    ["with 4005", (connection) => connection.close(4005)],
    ["with 4006", (connection) => connection.close(4006)],
    ["with 4007", (connection) => connection.close(4007)],
    ["with 4900", (connection) => connection.close(4900)],
    ["with 4913", (connection) => connection.close(4913)],
    ["because its session is invalid (op 9 with false)", (connection) => connection.invalidate(false)],
    ["because its session is invalid (op 9 without a word)", (connection) => connection.invalidate()],
  ])("%s is followed by a new session, a few seconds later", async (_title, end) => {
    const house = await openBroken(end);
    await house.reconnected(10_000);
    house.qq.say("user-1", "after");
    await until(() => house.texts().includes("after"));
    expect(house.texts()).toEqual(["before", "after"]);
    expect(kinds(house)).toEqual([IDENTIFIED, IDENTIFIED]);
    expect(house.qq.connections).toHaveLength(1);
  });

  it("tells the log what QQ says when it wants another connection (QQ-D07)", async () => {
    const { connection, reconnected, logged } = await openBroken((first) => first.reconnect());
    const successor = await reconnected(10_000);
    successor.invalidate(false);
    await reconnected(10_000);
    expect(connection.state).toBe("closed");
    const lines = [...logged("info"), ...logged("warn")].join("\n");
    expect(lines).toContain("QQ: received Reconnect (op 7); will resume");
    expect(lines).toContain("QQ: received Invalid Session (op 9); clearing session for fresh auth");
    expect(lines).toContain("QQ: connected and sent Identify");
  });

  it("with 4008, for frames that came too fast, is resumed after a minute", async () => {
    const { qq, reconnected, timesOf, pass } = await openBroken((connection) => connection.close(4008));
    await pass(57_000);
    expect(timesOf(PATHS.socket)).toHaveLength(1);
    await reconnected(10_000);
    expect(qq.logins.at(-1)).toMatchObject({ kind: "resume", outcome: "resumed" });
  });

  it.each(["op 9", "close"] as const)("and cannot be resumed, which the gateway says by %s, is followed by a new session within seconds", async (refusesResumeBy) => {
    const house = await openBroken((connection) => connection.terminate());
    const { qq, pass, texts } = house;
    qq.behave({ refusesResumeBy });
    qq.spoilSessions();
    await pass(15_000);
    await until(() => qq.connections.some(({ state }) => state === "ready"));
    expect(kinds(house)).toEqual([IDENTIFIED, ["resume", refusesResumeBy === "op 9" ? "invalid-session" : 4006], IDENTIFIED]);
    qq.say("user-1", "after");
    await until(() => texts().includes("after"));
    expect(texts()).toEqual(["before", "after"]);
  });

  it("three times, each within five seconds, makes the next attempt wait for a minute", async () => {
    const { qq, listening, pass, timesOf } = await openQq();
    let { connection } = await listening();
    for (let n = 0; n < 3; n += 1) {
      connection.terminate();
      await connection.closed;
      if (n === 2) break;
      const connected = qq.nextConnection();
      await pass(1_000);
      connection = await connected;
      await pass(1_000);
    }
    const attempts = timesOf(PATHS.socket).length;
    await pass(55_000);
    expect(timesOf(PATHS.socket)).toHaveLength(attempts);
    const connected = qq.nextConnection();
    await pass(20_000);
    await connected;
  });
});

describe("a resumed session", () => {
  it.each([["at once", 0], ["six minutes later", 360_000]])("may bring what was handled already, %s: nobody gets it twice", async (_title, waitMs) => {
    const house = await openBroken(() => undefined);
    const { qq, connection, texts, pass, reconnected } = house;
    for (const text of ["one", "two"]) qq.say("user-1", text);
    await until(() => texts().length === 3);
    await pass(waitMs);
    qq.behave({ replaysExtra: 100 });
    connection.terminate();
    await reconnected(10_000);
    qq.say("user-1", "after");
    await until(() => texts().includes("after"));
    expect(texts()).toEqual(["before", "one", "two", "after"]);
  });

  it.each(["text", "object", "missing"] as const)("is told so by a RESUMED whose data is %s", async (resumedAs) => {
    const house = await openBroken(() => undefined);
    house.qq.behave({ resumedAs });
    house.connection.terminate();
    await house.reconnected(10_000);
    expect(kinds(house)).toEqual([IDENTIFIED, RESUMED]);
    await until(() => house.channel.status().state === "connected");
  });

  it("may be told of twice: a second READY names another one, which is resumed then", async () => {
    const house = await openQq();
    const { connection, channel, next } = await house.listening();
    connection.sendRaw('{"op":0,"s":1,"t":"READY","d":{"version":1,"session_id":"another","user":{"id":"b","bot":true},"shard":[0,1]}}');
    house.qq.say("user-1", "hello");
    await next();
    expect(channel.status()).toMatchObject({ state: "connected", reconnects: 0 });
    connection.terminate();
    await house.pass(15_000);
    await until(() => channel.status().state === "connected");
    expect(house.qq.logins[1]).toMatchObject({ kind: "resume", session: "another" });
  });

  it("goes on behind the last message that the host has taken, not the last that came", async () => {
    const taken = Promise.withResolvers<"accepted">();
    let count = 0;
    const house = await openBroken(() => undefined, { answer: () => (count++ === 0 ? Promise.resolve("accepted") : taken.promise) });
    const { qq, connection, messages, reconnected, pass } = house;
    qq.say("user-1", "kept waiting");
    await until(() => messages.length === 2);
    await pass(1_000);
    connection.terminate();
    await reconnected(10_000);
    expect(qq.logins[1]).toMatchObject({ kind: "resume", s: 2 });
    taken.resolve("accepted");
    qq.say("user-2", "another");
    await until(() => messages.length === 3);
    expect(house.texts()).toEqual(["before", "kept waiting", "another"]);
  });
});

describe("the numbers of dispatches", () => {
  const dispatch = (s: unknown, id: string): string =>
    JSON.stringify({ op: 0, s, t: "C2C_MESSAGE_CREATE", id: `C2C_MESSAGE_CREATE:${id}`, d: { id, content: id, timestamp: "2026-01-01T08:00:00+08:00", author: { id: "user-1", user_openid: "user-1" } } });

  it.each<[string, readonly unknown[], number]>([
    ["that have a gap", [2, 9], 9],
    ["that go back", [5, 3], 5],
    ["that are missing", [2, undefined], 2],
    ["that are no numbers", [2, "seven", null, 3.5, -1], 2],
  ])("%s lose no message, and the session is resumed behind the highest", async (_title, numbers, last) => {
    const { qq, listening, pass } = await openQq();
    const { connection, texts } = await listening();
    const ids = numbers.map((_number, index) => `m-${index}`);
    ids.forEach((id, index) => connection.sendRaw(dispatch(numbers[index], id)));

    await until(() => texts().length === ids.length);
    expect(texts()).toEqual(ids);
    await pass(1_000);
    connection.terminate();
    await pass(15_000);
    expect(qq.logins[1]).toMatchObject({ kind: "resume", s: last });
  });
});
