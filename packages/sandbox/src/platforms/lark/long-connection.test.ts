import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { connectLark, eventOf, headersOf } from "../../testing/lark-peer.ts";
import { handClock, openSandbox } from "../../testing/open-sandbox.ts";
import { CONTROL, decodeFrame, encodeFrame, type LarkFrame } from "./frame.ts";

const PING: LarkFrame = { seqId: 0n, logId: 0n, service: 33_554_678, method: CONTROL, headers: [{ key: "type", value: "ping" }] };

describe("a ping of a client", () => {
  it("is answered with what to know about pings", async () => {
    const { lark } = await openSandbox();
    const peer = await connectLark(lark);
    peer.ping();
    const pong = await peer.nextFrame();
    expect(pong).toMatchObject({ seqId: 0n, logId: 0n, service: 33_554_678, method: CONTROL, headers: [{ key: "type", value: "pong" }] });
    expect(eventOf(pong)).toEqual({ ReconnectCount: -1, ReconnectInterval: 120, ReconnectNonce: 30, PingInterval: 120 });
    expect(await lark.nextPing()).toMatchObject({ connection: peer.connection.id, problems: [] });
  });

  it("is answered in the ways that are set", async () => {
    const { lark } = await openSandbox();
    const peer = await connectLark(lark);
    lark.behave({ pong: "none" });
    peer.ping();
    expect(await peer.nextFrame()).not.toHaveProperty("payload", expect.anything());
    lark.behave({ pong: { PingInterval: "soon" } });
    peer.ping();
    expect(eventOf(await peer.nextFrame())).toEqual({ PingInterval: "soon" });
  });

  it("is told what is wrong with it", async () => {
    const { lark } = await openSandbox();
    const peer = await connectLark(lark);
    peer.send({ ...PING, service: 1, seqId: 1n, payload: Uint8Array.of(1) });
    expect((await lark.nextPing()).problems).toEqual(["service is not the service_id of the URL", "SeqID and LogID are not 0", "it has a payload"]);
  });

  it("may stay without its pong, while WebSocket pings are answered", async () => {
    const sandbox = await openSandbox();
    const peer = await connectLark(sandbox.lark);
    sandbox.frameFaults.add({ platform: "lark", frame: "pong", times: "always", fault: { kind: "drop" } });
    peer.ping();
    await sandbox.lark.nextPing();
    const pong = once(peer.socket, "pong");
    peer.socket.ping();
    await pong;
    expect(sandbox.frames.entries.map(({ frame }) => frame)).toEqual(["ping", "pong", "ws-ping"]);
  });
});

describe("an event on the long connection", () => {
  it("comes in one frame, and is acked by that frame with a payload of its own", async () => {
    const { lark } = await openSandbox();
    const peer = await connectLark(lark);
    const id = lark.say("ou_1", "hello");
    const frame = await peer.nextFrame();
    const { eventId } = await lark.nextDelivery();
    expect(frame).toMatchObject({ seqId: 2n, logId: 302n, service: 33_554_678, method: 1, payloadEncoding: "json", payloadType: "event", logIdNew: "log-302" });
    expect(headersOf(frame)).toMatchObject({ type: "event", sum: "1", seq: "0", message_id: expect.any(String) as string, instance_id: "sandbox-1" });
    expect(eventOf(frame).header["event_id"]).toBe(eventId);
    peer.ack(frame, { code: 200, data: Buffer.from('{"toast":{"content":"ok"}}').toString("base64") });
    const ack = await lark.nextAck();
    expect(ack).toMatchObject({ id, eventId, code: 200, data: { toast: { content: "ok" } }, problems: [], isLate: false, counts: true, headers: { biz_rt: "1" } });
    expect(lark.deliveries).toMatchObject([{ id, via: "socket", attempt: 1, transportId: headersOf(frame)["message_id"], answeredAt: ack.at }]);
  });

  it.each([
    ["Node", { code: 200 }, undefined],
    ["Go", { code: 200, headers: null, data: null }, undefined],
    ["Rust", { code: 200, headers: {}, data: [] }, []],
    ["Node, without a handler", { code: 200, data: Buffer.from('"no handle"').toString("base64") }, "no handle"],
  ])("takes the ack of the client in %s", async (_title, payload, data) => {
    const { lark } = await openSandbox();
    const peer = await connectLark(lark);
    lark.say("ou_1", "hello");
    peer.ack(await peer.nextFrame(), payload);
    const ack = await lark.nextAck();
    expect(ack).toMatchObject({ code: 200, problems: [], counts: true });
    expect(ack.data).toEqual(data);
  });

  it("is told what is wrong with its ack, which counts unless switched to strict", async () => {
    const { lark } = await openSandbox();
    lark.behave({ frameIds: "big" });
    const peer = await connectLark(lark);
    lark.say("ou_1", "hello");
    const frame = await peer.nextFrame();
    expect(frame.seqId > 2n ** 53n && Number.isSafeInteger(Number(frame.logId))).toBe(false);
    const headers = frame.headers.filter(({ key }) => key !== "instance_id");
    const careless = { ...frame, headers, seqId: BigInt(Number(frame.seqId)), logIdNew: undefined, payload: Buffer.from('{"code":200}') };
    const problems = [
      "the header biz_rt is no whole number", "seqId is not that of the event", "logIdNew is not that of the event", "the header instance_id is not that of the event",
    ];
    peer.send(careless);
    expect(await lark.nextAck()).toMatchObject({ problems, counts: true });
    lark.behave({ strictAcks: true });
    peer.send(careless);
    expect(await lark.nextAck()).toMatchObject({ problems, counts: false });
  });

  it.each<[string, string | Uint8Array, string]>([
    ["text", "{}", "it is text, not binary"],
    ["broken bytes", Uint8Array.of(8), "TypeError: the bytes end inside the varint at 1"],
    ["a frame that answers nothing", encodeFrame({ ...PING, method: 1, payload: Buffer.from('{"code":200}') }), "it answers no frame of this connection"],
    ["a control frame without a name", encodeFrame({ ...PING, headers: [] }), "the payload is no JSON object with a code"],
  ])("notes %s and goes on", async (_title, data, problem) => {
    const { lark } = await openSandbox();
    const peer = await connectLark(lark);
    peer.socket.send(data);
    const ack = await lark.nextAck();
    expect(ack.problems).toContain(problem);
    expect(ack.counts).toBe(false);
    expect(peer.connection.isOpen).toBe(true);
  });

  it("comes on connections that are as they are told to be", async () => {
    const { lark } = await openSandbox();
    const peer = await connectLark(lark);
    peer.connection.ping();
    expect(headersOf(await peer.nextFrame())).toEqual({ type: "ping" });
    peer.connection.sendRaw(Uint8Array.of(1, 2, 3));
    expect([...(await peer.nextBytes())]).toEqual([1, 2, 3]);
    peer.connection.sendFrame({ headers: [{ key: "sum", value: "-1" }], payload: Buffer.from("x") });
    expect(await peer.nextFrame()).toMatchObject({ method: 1, service: 33_554_678, headers: [{ key: "sum", value: "-1" }] });
    const loud = peer.connection.silence();
    lark.say("ou_1", "lost");
    loud();
    lark.say("ou_1", "heard");
    expect(eventOf(await peer.nextFrame()).event.message["content"]).toBe('{"text":"heard"}');
  });

  it.each([["close", 1001], ["terminate", 1006], ["reset", 1006]] as const)("tells how a connection ended: %s", async (how, code) => {
    const clock = handClock();
    const { lark } = await openSandbox({ now: clock.now });
    const { connection, socket } = await connectLark(lark);
    const closed = once(socket, "close");
    connection[how](...(how === "close" ? ([1001] as const) : []));
    expect((await closed)[0]).toBe(code);
    expect(await connection.closed).toMatchObject({ code, at: clock.now() });
    expect(connection.isOpen).toBe(false);
    expect(lark.connections).toEqual([]);
  });

  it("shows by its name in rules and in the record", async () => {
    const sandbox = await openSandbox();
    const peer = await connectLark(sandbox.lark);
    sandbox.frameFaults.add({ frame: "event im.message.*", fault: { kind: "truncate" } });
    sandbox.lark.say("ou_1", "cut");
    const half = await peer.nextBytes();
    expect(() => decodeFrame(half)).toThrow(TypeError);
    expect(sandbox.frames.entries).toMatchObject([{ platform: "lark", frame: "event im.message.receive_v1", isBinary: true, fault: "truncate" }]);
  });
});
