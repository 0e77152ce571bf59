import { describe, expect, it } from "vitest";
import { openLark, until, type LarkHouse } from "./lark-house.ts";

/** Resolves once this message is acknowledged so that it does not come again. */
const acked = ({ lark }: LarkHouse, id: string): Promise<void> => until(() => lark.acks.some((ack) => ack.id === id && ack.counts));

describe("fragments", () => {
  it.each([
    ["in any order", 4, [2, 0, 3, 1]],
    ["twice", 3, [0, 1, 0, 1, 2]],
    ["cut within a letter", 50, undefined],
  ])("that come %s are put together, and acknowledged once", async (_title, fragments, fragmentOrder) => {
    const house = await openLark();
    house.lark.behave({ strictAcks: true });
    const { next } = await house.listening();
    const id = house.lark.say("ou_ann", "一二三四🙂".repeat(20), { fragments, ...(fragmentOrder !== undefined && { fragmentOrder }) });
    expect((await next()).parts).toEqual([{ kind: "text", text: "一二三四🙂".repeat(20) }]);
    await acked(house, id);
    expect(house.lark.acks).toMatchObject([{ id, code: 200, problems: [], isLate: false }]);
  });

  it("of two messages at once are kept apart", async () => {
    const house = await openLark();
    const { texts } = await house.listening();
    const [first, second] = ["first", "second"].map((text) => house.lark.say("ou_ann", text, { fragments: 2, fragmentOrder: [1] }));
    for (const id of [second, first]) house.lark.redeliver(id ?? "", { fragments: 2, fragmentOrder: [0], transportId: "same" });
    await until(() => texts().length === 2);
    expect(texts()).toEqual(["second", "first"]);
  });

  it("of which one is missing are left to the platform, which brings the whole again", async () => {
    const house = await openLark();
    const { texts } = await house.listening();
    const id = house.lark.say("ou_ann", "hello", { fragments: 3, fragmentOrder: [0, 2] });
    await house.pass(14_000);
    expect([texts(), house.lark.acks]).toEqual([[], []]);
    await house.during(acked(house, id));
    expect(texts()).toEqual(["hello"]);
  });
});

describe("an ack", () => {
  it("gives back numbers beyond what JavaScript counts exactly", async () => {
    const house = await openLark();
    house.lark.behave({ frameIds: "big", strictAcks: true });
    await house.listening();
    const id = house.lark.say("ou_ann", "hello");
    await acked(house, id);
    expect(house.lark.acks).toMatchObject([{ id, problems: [] }]);
  });

  it("comes within 3 s though the host takes 10, says that it failed, and the message counts once when it comes again", async () => {
    const house = await openLark();
    const { lark, clock } = house;
    const { texts } = await house.listening({ answer: () => clock.sleep(10_000).then(() => "accepted") });
    lark.behave({ pingIntervalSecs: 10 });
    const id = lark.say("ou_ann", "hello");
    await house.during(until(() => lark.acks.length === 1));
    expect(lark.acks).toMatchObject([{ id, code: 500, isLate: false, counts: false }]);
    await house.during(acked(house, id));
    expect(lark.deliveries.map(({ attempt }) => attempt)).toEqual([1, 2]);
    expect(texts()).toEqual(["hello"]);
  });

  it("says that the host could not keep a message, which then comes again", async () => {
    const house = await openLark();
    let tries = 0;
    const answer = (): Promise<"accepted"> => (++tries === 1 ? Promise.reject(new Error("the disk is full")) : Promise.resolve("accepted"));
    const { texts } = await house.listening({ answer });
    const id = house.lark.say("ou_ann", "hello");
    await house.during(acked(house, id));
    expect(house.lark.acks).toMatchObject([{ code: 500 }, { code: 200 }]);
    expect(texts()).toEqual(["hello", "hello"]);
  });

  it.each([["after 20 s", 20_000], ["after 6 minutes", 6 * 60_000], ["after 31 minutes", 31 * 60_000], ["after 7 hours", 7 * 3_600_000]])("is all that comes of a message that comes again %s (LARK-58)", async (_title, waitMs) => {
    const house = await openLark();
    const { texts } = await house.listening();
    const id = house.lark.say("ou_ann", "hello");
    await acked(house, id);
    await house.pass(waitMs);
    house.lark.redeliver(id, { eventId: "new" });
    house.lark.say("ou_ann", "after");
    await until(() => house.lark.acks.length === 3);
    expect(texts()).toEqual(["hello", "after"]);
  });

  it("goes to a click on a card, whichever type its frame has", async () => {
    const house = await openLark();
    const { next } = await house.listening();
    const messageId = house.lark.say("ou_ann", "hello");
    await next();
    await acked(house, messageId);
    for (const frame of ["event", "card"]) {
      const { eventId } = house.lark.click("ou_ann", messageId, { frame, action: { value: { frame } } });
      expect((await next()).parts).toMatchObject([{ kind: "action", value: { frame } }]);
      await until(() => house.lark.acks.some((ack) => ack.eventId === eventId));
      expect(house.lark.acks.at(-1)).toMatchObject({ eventId, code: 200, data: {}, problems: [] });
    }
  });
});

describe("a connection over which nothing comes", () => {
  it("is made again within 310 s, and what was said meanwhile comes over the new one", async () => {
    const house = await openLark();
    const { lark } = house;
    const { texts, connection } = await house.listening();
    connection.silence();
    const id = lark.say("ou_ann", "hello");
    const from = house.clock.now();
    await house.during(lark.nextConnection());
    expect(house.clock.now() - from).toBeLessThanOrEqual(310_000 + 30_000);
    await house.during(acked(house, id));
    expect(texts()).toEqual(["hello"]);
    expect(house.logged("warn").join("\n")).toMatch(/Lark: (heartbeat timeout|ping failed), reconnecting/);
  });

  it("but WebSocket pongs is made again, too", async () => {
    const house = await openLark();
    await house.listening();
    house.sandbox.frameFaults.add({ direction: "out", times: "always", fault: { kind: "drop" } });
    const from = house.clock.now();
    await house.during(house.lark.nextConnection());
    expect(house.clock.now() - from).toBeLessThanOrEqual(410_000);
  });

  it.each<[string, unknown, number]>([
    ["30", 30, 30_000],
    ["1", 1, 10_000],
    ["0", 0, 10_000],
    ["a negative number", -5, 10_000],
    ["a text", "often", 120_000],
    ["an hour", 3_600, 240_000],
  ])("is pinged as often as a pong wants, within bounds: %s (LARK-55, LARK-81)", async (_title, PingInterval, intervalMs) => {
    const house = await openLark();
    house.lark.behave({ pong: { PingInterval } });
    await house.listening();
    await house.pass(500_000);
    const times = house.lark.pings.map(({ at }) => at);
    const spans = times.slice(2).map((at, index) => at - (times[index + 1] ?? 0));
    expect(spans.length).toBeGreaterThan(0);
    for (const span of spans) expect(Math.abs(span - intervalMs)).toBeLessThanOrEqual(1_000);
  });
});
