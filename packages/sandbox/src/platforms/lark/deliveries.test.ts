import { describe, expect, it } from "vitest";
import { connectLark, eventOf, headersOf, type LarkPeer } from "../../testing/lark-peer.ts";
import { handClock, openSandbox } from "../../testing/open-sandbox.ts";
import type { Sandbox } from "../../sandbox.ts";
import type { LarkFrame } from "./frame.ts";

interface House {
  readonly sandbox: Sandbox;
  readonly peer: LarkPeer;
  /** Lets time pass. */
  readonly pass: (ms: number) => void;
}

async function openHouse(): Promise<House> {
  const clock = handClock();
  const sandbox = await openSandbox({ now: clock.now });
  const pass = (ms: number): void => {
    clock.advance(ms);
    sandbox.runDue();
  };
  return { sandbox, peer: await connectLark(sandbox.lark), pass };
}

async function nextFrames(peer: LarkPeer, count: number): Promise<LarkFrame[]> {
  const frames: LarkFrame[] = [];
  while (frames.length < count) frames.push(await peer.nextFrame());
  return frames;
}

const seqsOf = (frames: readonly LarkFrame[]): readonly (string | undefined)[] => frames.map((frame) => headersOf(frame)["seq"]);

describe("an event without an answer", () => {
  it("comes again after 15 s, 5 min, 1 h and 6 h, and then no more", async () => {
    const { sandbox: { lark }, peer, pass } = await openHouse();
    const id = lark.say("ou_1", "hello");
    for (const wait of [15_000, 300_000, 3_600_000, 21_600_000]) {
      pass(wait - 1);
      const { length } = lark.deliveries;
      pass(1);
      expect(lark.deliveries).toHaveLength(length + 1);
    }
    pass(100_000_000);
    expect(lark.deliveries.map(({ attempt }) => attempt)).toEqual([1, 2, 3, 4, 5]);
    const frames = await nextFrames(peer, 5);
    expect(new Set(frames.map((frame) => headersOf(frame)["message_id"])).size).toBe(5);
    expect(new Set(frames.map((frame) => eventOf(frame).header["event_id"])).size).toBe(1);
    expect(new Set(frames.map((frame) => eventOf(frame).event.message["message_id"]))).toEqual(new Set([id]));
  });

  it("does not come again once it is acked, however often", async () => {
    const { sandbox: { lark }, peer, pass } = await openHouse();
    lark.say("ou_1", "hello");
    pass(15_000);
    await peer.nextFrame();
    peer.ack(await peer.nextFrame());
    expect(await lark.nextAck()).toMatchObject({ counts: true });
    pass(100_000_000);
    expect(lark.deliveries).toHaveLength(2);
  });

  it.each([
    ["comes after 3 s", 3_001, { code: 200 }, { isLate: true }],
    ["says that the handler failed", 0, { code: 500 }, { code: 500, isLate: false }],
  ])("comes again when its ack %s", async (_title, wait, payload, ack) => {
    const { sandbox: { lark }, peer, pass } = await openHouse();
    lark.say("ou_1", "hello");
    const frame = await peer.nextFrame();
    pass(wait);
    peer.ack(frame, payload);
    expect(await lark.nextAck()).toMatchObject({ ...ack, counts: false });
    pass(15_000);
    expect(lark.deliveries).toHaveLength(2);
  });

  it("survives the connection that it was on, and waits for another", async () => {
    const { sandbox: { lark }, peer, pass } = await openHouse();
    peer.connection.terminate();
    await peer.connection.closed;
    lark.say("ou_1", "hello");
    expect(await lark.nextDelivery()).not.toHaveProperty("via");
    const other = await connectLark(lark);
    pass(15_000);
    expect(eventOf(await other.nextFrame()).event.message["content"]).toBe('{"text":"hello"}');
    expect(await lark.nextDelivery()).toMatchObject({ via: "socket", attempt: 2, connection: other.connection.id });
  });

  it("comes again as it is switched to", async () => {
    const { sandbox: { lark }, peer, pass } = await openHouse();
    lark.behave({ retryAfterMs: [1_000], redeliveredId: "same" });
    lark.say("ou_1", "hello");
    pass(1_000);
    pass(100_000_000);
    expect(lark.deliveries).toHaveLength(2);
    const [first, second] = await nextFrames(peer, 2);
    expect(first?.headers.find(({ key }) => key === "message_id")).toEqual(second?.headers.find(({ key }) => key === "message_id"));
  });
});

describe("a delivery on demand", () => {
  it("brings a message again, under another event id and on another connection if wanted", async () => {
    const { sandbox: { lark }, peer } = await openHouse();
    const other = await connectLark(lark);
    const id = lark.say("ou_1", "hello", { connection: peer.connection.id });
    peer.ack(await peer.nextFrame());
    await lark.nextAck();
    const again = lark.redeliver(id, { connection: other.connection.id, eventId: "new" });
    expect(again).toMatchObject({ id, attempt: 2, connection: other.connection.id });
    expect(eventOf(await other.nextFrame())).toMatchObject({ header: { event_id: again.eventId }, event: { message: { message_id: id } } });
    expect(again.eventId).not.toBe(lark.deliveries[0]?.eventId);
    expect(() => lark.redeliver("om_nobody")).toThrow(RangeError);
  });

  it("goes to one connection at random, or as switched", async () => {
    const { sandbox: { lark }, peer } = await openHouse();
    const other = await connectLark(lark);
    for (let count = 0; count < 20; count += 1) lark.say("ou_1", "hello");
    const ids = [peer.connection.id, other.connection.id];
    expect(new Set(lark.deliveries.map(({ connection }) => connection))).toEqual(new Set(ids));
    for (const [routing, id] of [["newest", ids[1]], ["oldest", ids[0]]] as const) {
      lark.behave({ routing });
      lark.say("ou_1", routing);
      expect(lark.deliveries.at(-1)?.connection).toBe(id);
    }
  });

  it("cuts an event into frames by bytes, also inside a character", async () => {
    const { sandbox: { lark }, peer } = await openHouse();
    const text = "你好，世界".repeat(40);
    lark.say("ou_1", text, { fragments: 7 });
    const frames = await nextFrames(peer, 7);
    expect(seqsOf(frames)).toEqual(["0", "1", "2", "3", "4", "5", "6"]);
    expect(new Set(frames.map((frame) => `${headersOf(frame)["sum"]} ${headersOf(frame)["message_id"]}`)).size).toBe(1);
    expect(frames.some(({ payload }) => Buffer.from(payload ?? []).toString().includes("\uFFFD"))).toBe(true);
    const whole = eventOf({ ...frames[0], payload: Buffer.concat(frames.map(({ payload }) => payload ?? new Uint8Array())) } as LarkFrame);
    expect(JSON.parse(String(whole.event.message["content"]))).toEqual({ text });
    const last = frames.at(-1);
    if (last !== undefined) peer.ack(last);
    expect(await lark.nextAck()).toMatchObject({ problems: [], counts: true });
  });

  it("sends fragments in any order, twice or not at all, and lets others come between them", async () => {
    const { sandbox, peer } = await openHouse();
    const { lark } = sandbox;
    lark.say("ou_1", "one", { fragments: 3, fragmentOrder: [2, 0, 0] });
    expect(seqsOf(await nextFrames(peer, 3))).toEqual(["2", "0", "0"]);
    const held = sandbox.frameFaults.add({ frame: "fragment 1/2", fault: { kind: "hold" } });
    lark.say("ou_1", "two", { fragments: 2 });
    lark.say("ou_1", "three", { fragments: 2 });
    expect(seqsOf(await nextFrames(peer, 3))).toEqual(["0", "0", "1"]);
    held.release();
    expect(seqsOf(await nextFrames(peer, 1))).toEqual(["1"]);
  });

  it("tells of any event, in a frame of any type", async () => {
    const { sandbox: { lark }, peer } = await openHouse();
    const { id } = lark.push({ eventType: "im.chat.updated_v1", event: { chat_id: "oc_1" }, header: { app_id: "cli_ffffffffffffffff", token: undefined } }, { frame: "mystery" });
    const frame = await peer.nextFrame();
    expect(headersOf(frame)["type"]).toBe("mystery");
    const { header, event } = eventOf(frame);
    expect({ header, event }).toMatchObject({ header: { event_id: id, event_type: "im.chat.updated_v1", app_id: "cli_ffffffffffffffff" }, event: { chat_id: "oc_1" } });
    expect(header).not.toHaveProperty("token");
  });
});
