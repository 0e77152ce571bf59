import type { RecordedFrame } from "@revka/sandbox";
import { describe, expect, it } from "vitest";
import { openDingtalk, PATHS, until } from "./dingtalk-house.ts";

/** What the client says, its own pings apart. */
const isSaid = ({ direction, frame }: RecordedFrame): boolean => direction === "in" && frame !== "ws-ping";

/** A ping as it stands on the wire. */
function pingOf({ messageId, data }: { readonly messageId?: string; readonly data?: unknown }): string {
  return JSON.stringify({ specVersion: "1.0", type: "SYSTEM", headers: { topic: "ping", contentType: "application/json", time: "1763800000000", messageId }, data });
}

describe("a ping of the platform", () => {
  it("is answered with its opaque, and the answer has the form of the protocol (DT-25)", async () => {
    const { sandbox: { frames }, dingtalk, listening } = await openDingtalk();
    const { connection } = await listening();
    const opaque = connection.ping();
    const { messageId } = await dingtalk.nextPong();
    expect(dingtalk.pings).toMatchObject([{ connection: connection.id, opaque, isEchoed: true }]);
    const pong = await frames.next(({ frame }) => frame === "pong");
    expect(JSON.parse(pong.text)).toEqual({ code: 200, message: "OK", headers: { messageId, contentType: "application/json" }, data: JSON.stringify({ opaque }) });
  });

  it.each<[string, unknown, unknown]>([
    ["its data", '{"opaque":"o-1"}', '{"opaque":"o-1"}'],
    ["data without an opaque", "{}", "{}"],
    ["data that is no JSON", "tick", "tick"],
    ["empty data", "", ""],
    ["no data", undefined, ""],
  ])("is answered with %s", async (_title, data, expected) => {
    const { sandbox: { frames }, listening } = await openDingtalk();
    const { connection } = await listening();
    connection.sendRaw(pingOf({ messageId: "m1", data }));
    const { text } = await frames.next(isSaid);
    expect(JSON.parse(text)).toEqual({ code: 200, message: "OK", headers: { messageId: "m1", contentType: "application/json" }, data: expected });
  });

  it("without an id is left without an answer, and the connection goes on", async () => {
    const { sandbox: { frames }, dingtalk, listening } = await openDingtalk();
    const { connection } = await listening();
    connection.sendRaw(pingOf({ data: "{}" }));
    connection.ping();
    await dingtalk.nextPong();
    expect(frames.entries.filter(isSaid)).toHaveLength(1);
  });

  it("is answered at once, fifty times, while the host keeps a message waiting for two minutes (DT-25)", async () => {
    const { dingtalk, listening, pass } = await openDingtalk();
    const blocked = Promise.withResolvers<"accepted">();
    const { connection, next } = await listening({ answer: () => blocked.promise });
    dingtalk.say("staff-1", "think about it");
    await next();
    await pass(120_000);
    for (let n = 0; n < 50; n += 1) connection.ping();
    await until(() => dingtalk.pings.every(({ answeredAt }) => answeredAt !== undefined));
    expect(dingtalk.pings.length).toBeGreaterThanOrEqual(53);
    expect(dingtalk.pings.every(({ at, answeredAt = 0, isEchoed }) => isEchoed === true && answeredAt - at < 1_000)).toBe(true);
    expect(dingtalk.acks).toEqual([]);
    blocked.resolve("accepted");
    expect(await dingtalk.nextAck()).toMatchObject({ counts: true });
  });
});

describe("the other notices of the system", () => {
  it("count as life and are not answered", async () => {
    const { sandbox: { frames }, dingtalk, listening } = await openDingtalk();
    dingtalk.behave({ greets: true });
    const { connection, channel } = await listening();
    connection.sendRaw('{"type":"SYSTEM","headers":{"topic":"KEEPALIVE","messageId":"m-1"},"data":""}');
    connection.ping();
    await dingtalk.nextPong();
    expect(frames.entries.filter(isSaid).map(({ frame }) => frame)).toEqual(["pong"]);
    expect(channel.status().lastFrameAt).toBeDefined();
  });
});

describe("a disconnect notice", () => {
  it("brings a second connection at once, while the first is read and acknowledged to its end", async () => {
    const { dingtalk, listening, messagesOn, pass, timesOf } = await openDisconnected();
    const { connection: old, texts, channel } = listening;
    const fresh = await dingtalk.nextConnection();
    expect(timesOf(PATHS.register)).toEqual([0, 0]);
    expect(fresh.ticket).not.toBe(old.ticket);

    const late = dingtalk.say("staff-1", "late", { connection: old.id });
    const early = dingtalk.say("staff-1", "early");
    await Promise.all([dingtalk.nextAck(), dingtalk.nextAck()]);
    expect(messagesOn(old.id)).toEqual([late]);
    expect(messagesOn(fresh.id)).toEqual([early]);

    await pass(10_000);
    await old.closed;
    await pass(120_000);
    expect(dingtalk.connections).toEqual([fresh]);
    expect(texts().toSorted()).toEqual(["early", "late"]);
    expect(dingtalk.deliveries).toHaveLength(2);
    expect(timesOf(PATHS.register)).toHaveLength(2);
    expect(channel.status()).toMatchObject({ state: "connected" });
  });

  it("is not answered", async () => {
    const { sandbox: { frames }, dingtalk } = await openDisconnected();
    await dingtalk.nextConnection();
    expect(frames.entries.filter(isSaid)).toEqual([]);
  });

  it("loses and doubles nothing of what is delivered on both connections", async () => {
    const { dingtalk, listening: { connection: old, texts }, pass } = await openDisconnected();
    const fresh = await dingtalk.nextConnection();
    const ids = ["a", "b", "c"].map((text) => dingtalk.say("staff-1", text, { connection: old.id }));
    for (const id of ids) dingtalk.redeliver(id, { connection: fresh.id });
    for (const _delivery of dingtalk.deliveries) await dingtalk.nextAck();
    await pass(130_000);
    expect(texts()).toEqual(["a", "b", "c"]);
    expect(dingtalk.acks.map(({ connection, msgId }) => [connection, msgId]).toSorted()).toEqual([...ids.map((id) => [old.id, id]), ...ids.map((id) => [fresh.id, id])].toSorted());
  });

  it("twice makes one successor", async () => {
    const { dingtalk, listening: { connection }, pass, timesOf } = await openDisconnected();
    connection.sendRaw('{"type":"SYSTEM","headers":{"topic":"disconnect"},"data":"{\\"reason\\":\\"again\\"}"}');
    await dingtalk.nextConnection();
    await pass(20_000);
    expect(dingtalk.connections).toHaveLength(1);
    expect(timesOf(PATHS.register)).toHaveLength(2);
  });

  it("closes a connection itself that the platform leaves open, after twelve seconds", async () => {
    const { dingtalk, listening, pass } = await openDingtalk();
    dingtalk.behave({ graceMs: 600_000 });
    const { connection } = await listening();
    dingtalk.disconnect();
    await dingtalk.nextConnection();
    await pass(11_000);
    expect(dingtalk.connections).toHaveLength(2);
    await pass(1_000);
    expect(await connection.closed).toMatchObject({ code: 1000 });
  });

  it("after notice each minute costs one registration each, and never leaves a moment without a connection", async () => {
    const { dingtalk, listening, pass, timesOf } = await openDingtalk();
    dingtalk.behave({ disconnectAfterMs: 60_000 });
    const { texts } = await listening();
    for (let minute = 1; minute <= 10; minute += 1) {
      await pass(60_000);
      dingtalk.say("staff-1", `minute ${minute}`);
    }
    await until(() => texts().length === 10);
    expect(timesOf(PATHS.register)).toHaveLength(11);
    expect(dingtalk.deliveries.every(({ connection }) => connection !== undefined)).toBe(true);
  });
});

async function openDisconnected() {
  const house = await openDingtalk();
  const listening = await house.listening();
  house.dingtalk.disconnect();
  const messagesOn = (connection: number): readonly unknown[] => house.dingtalk.acks.filter((ack) => ack.connection === connection).map(({ msgId }) => msgId);
  return { ...house, listening, messagesOn };
}

describe("a connection on which nothing passes any more", () => {
  it("is given up after 75 to 105 s, and what was said meanwhile comes on the next", async () => {
    const { dingtalk, listening, pass, timesOf } = await openDingtalk();
    dingtalk.behave({ redeliveries: 2 });
    const { connection, next } = await listening();
    connection.silence();
    dingtalk.say("staff-1", "anybody there?");
    await pass(74_000);
    expect(timesOf(PATHS.register)).toEqual([0]);
    const connected = dingtalk.nextConnection();
    await pass(31_000);
    await connected;
    expect(dingtalk.connections).toHaveLength(1);
    await pass(15_000);
    expect((await next()).parts).toEqual([{ kind: "text", text: "anybody there?" }]);
  });

  it("is told from a quiet one by pings of its own, at once and every 30 s", async () => {
    const { sandbox: { frames }, dingtalk, clock, listening, pass, timesOf } = await openDingtalk();
    dingtalk.behave({ pingPeriodMs: 0 });
    await listening();
    const startedAt = clock.now();
    await pass(600_000);
    const pings = frames.entries.filter(({ frame }) => frame === "ws-ping").map(({ at }) => at - startedAt);
    expect(pings).toEqual(Array.from({ length: 21 }, (_, n) => n * 30_000));
    expect(timesOf(PATHS.register)).toEqual([0]);
  });

  it("is given up at once by a machine that slept for five minutes", async () => {
    const { dingtalk, listening, pass, skew, timesOf } = await openDingtalk();
    await listening();
    await pass(20_000);
    skew(300_000);
    const connected = dingtalk.nextConnection();
    await pass(12_000);
    await connected;
    expect(timesOf(PATHS.register)).toHaveLength(2);
    expect(dingtalk.connections).toHaveLength(1);
  });
});
