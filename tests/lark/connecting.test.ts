import type { LarkConnection, LarkHandshakeRefusal } from "@revka/sandbox";
import { describe, expect, it } from "vitest";
import { openLark, until, type LarkHouse } from "./lark-house.ts";

const DISCOVERY = "/callback/ws/endpoint";
const CROWDED = 1_000_040_350;

/** Says something, and waits until it was handed over and acknowledged. */
async function expectAlive({ lark, during }: LarkHouse, texts: () => readonly string[]): Promise<void> {
  const id = lark.say("ou_ann", "still there?");
  await during(until(() => lark.acks.some((ack) => ack.id === id && ack.counts)));
  expect(texts().at(-1)).toBe("still there?");
}

describe("an endpoint that is not to be had", () => {
  it.each<[string, (house: LarkHouse) => void]>([
    ["busy (1)", ({ lark }) => lark.refuseEndpoint(1, 3)],
    ["an internal error (1000040343)", ({ lark }) => lark.refuseEndpoint(1_000_040_343, 3)],
    ["busy in another code (1000040345)", ({ lark }) => lark.refuseEndpoint(1_000_040_345, 3)],
    ["an HTTP 500", ({ sandbox }) => void sandbox.faults.add({ path: DISCOVERY, times: 3, fault: { kind: "answer", status: 500 } })],
    ["a reset", ({ sandbox }) => void sandbox.faults.add({ path: DISCOVERY, times: 3, fault: { kind: "reset" } })],
    ["HTML", ({ sandbox }) => void sandbox.faults.add({ path: DISCOVERY, times: 3, fault: { kind: "answer", body: "<html>sign in</html>" } })],
    ["half an answer", ({ sandbox }) => void sandbox.faults.add({ path: DISCOVERY, times: 3, fault: { kind: "truncate" } })],
  ])("for %s is asked for again, less and less often", async (_title, trouble) => {
    const house = await openLark();
    trouble(house);
    const { texts } = house.listen();
    await house.during(house.lark.nextConnection());
    await expectAlive(house, texts);
  });

  it.each(["without-service-id", "http"] as const)("for a URL of the kind %s is asked for again", async (endpointUrl) => {
    const house = await openLark();
    house.lark.behave({ endpointUrl });
    const { texts } = house.listen();
    await house.pass(60_000);
    expect(house.calls(DISCOVERY).length).toBeGreaterThan(2);
    house.lark.behave({ endpointUrl: "usual" });
    await house.during(house.lark.nextConnection());
    await expectAlive(house, texts);
  });

  it.each([403, 514])("for good (%i) ends listening", async (code) => {
    const house = await openLark();
    house.lark.refuseEndpoint(code);
    const { ended, channel } = house.listen();
    expect(await house.during(ended)).toMatchObject({ code: "auth", platformCode: String(code) });
    expect(channel.status().state).toBe("failed");
    expect(house.calls(DISCOVERY)).toHaveLength(1);
  });

  it("for too many connections is asked for every five minutes, and shows", async () => {
    const house = await openLark();
    house.lark.behave({ connectionCount: 0 });
    const { channel, texts } = house.listen();
    await house.pass(16 * 60_000);
    expect(house.calls(DISCOVERY)).toHaveLength(4);
    expect(channel.status().state).toBe("failed");
    house.lark.behave({ connectionCount: 50 });
    await house.during(house.lark.nextConnection());
    await expectAlive(house, texts);
  });
});

describe("a handshake that is refused", () => {
  it.each<[string, LarkHandshakeRefusal]>([
    ["an invalid ticket", { handshakeStatus: 514, authErrCode: 1_000_040_346, message: "ticket is invalid" }],
    ["too many connections", { handshakeStatus: 514, authErrCode: CROWDED }],
    ["no reason", { handshakeStatus: 0, httpStatus: 500 }],
  ])("for %s is tried again with another endpoint", async (_title, refusal) => {
    const house = await openLark();
    house.lark.refuseHandshake(refusal, 2);
    const { texts } = house.listen();
    await house.during(house.lark.nextConnection());
    expect(house.calls(DISCOVERY)).toHaveLength(3);
    await expectAlive(house, texts);
  });

  it("for good ends listening", async () => {
    const house = await openLark();
    house.lark.refuseHandshake({ handshakeStatus: 403, message: "forbidden" });
    const { ended } = house.listen();
    expect(await house.during(ended)).toMatchObject({ code: "auth", platformCode: "403" });
  });
});

describe("a connection that ends", () => {
  it.each<[string, (connection: LarkConnection) => void]>([
    ["with a goodbye", (connection) => connection.close(1001)],
    ["without one", (connection) => connection.terminate()],
    ["by a reset", (connection) => connection.reset()],
  ])("%s between an event and its ack loses nothing and repeats nothing", async (_title, end) => {
    const house = await openLark();
    const { lark } = house;
    const gate = Promise.withResolvers<"accepted">();
    const { next, texts, connection } = await house.listening({ answer: () => gate.promise });
    const id = lark.say("ou_ann", "hello");
    await next();
    end(connection);
    await connection.closed;
    gate.resolve("accepted");
    await house.during(until(() => lark.acks.some((ack) => ack.id === id && ack.counts)));
    expect(texts()).toEqual(["hello"]);
    expect(lark.connections.map(({ id: open }) => open)).not.toContain(connection.id);
  });

  it("right after it was opened, or in the middle of fragments, is made again", async () => {
    const house = await openLark();
    const { lark } = house;
    const { texts, connection } = await house.listening();
    lark.say("ou_ann", "in three parts", { fragments: 3, fragmentOrder: [0, 1] });
    connection.reset();
    const second = await house.during(lark.nextConnection());
    second.reset();
    await house.during(lark.nextConnection());
    await house.during(until(() => texts().length === 1));
    await expectAlive(house, texts);
    expect(texts()).toEqual(["in three parts", "still there?"]);
  });

  it.each([[0, 1], [2, 3]])("is over for good after as many attempts as the platform wants: %i", async (reconnectCount, attempts) => {
    const house = await openLark();
    const { lark } = house;
    lark.behave({ reconnectCount, reconnectNonceSecs: 0, reconnectIntervalSecs: 1 });
    const { ended, connection } = await house.listening();
    await house.pass(11_000);
    house.sandbox.faults.add({ path: DISCOVERY, times: "always", fault: { kind: "answer", status: 500 } });
    connection.close(1001);
    expect(await house.during(ended)).toMatchObject({ code: "transient" });
    expect(house.calls(DISCOVERY)).toHaveLength(attempts);
  });

  it("is not waited for once listening is stopped, though the platform asks for an hour", async () => {
    const house = await openLark();
    house.lark.behave({ reconnectNonceSecs: 3_600 });
    const { stop, connection, channel } = await house.listening();
    connection.close(1001);
    await until(() => channel.status().state === "backoff");
    await stop();
    expect(channel.status().state).toBe("stopped");
    expect(house.clock.pending).toBe(0);
  });
});
