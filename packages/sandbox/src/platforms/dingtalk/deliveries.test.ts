import { describe, expect, it } from "vitest";
import { connectPeer, payloadOf } from "../../testing/dingtalk-peer.ts";
import { handClock, openSandbox } from "../../testing/open-sandbox.ts";

const CALLBACK = { type: "CALLBACK", topic: "/v1.0/im/bot/messages/get" } as const;

describe("redelivery", () => {
  it("sends an unanswered message once more after 60 seconds, under another messageId", async () => {
    const clock = handClock();
    const sandbox = await openSandbox({ now: clock.now });
    const peer = await connectPeer(sandbox);
    const msgId = sandbox.dingtalk.say("staff-1", "hello");
    const first = await peer.next();
    clock.advance(59_999);
    sandbox.runDue();
    expect(sandbox.dingtalk.deliveries).toHaveLength(1);
    clock.advance(1);
    sandbox.runDue();
    const frames = [first];
    while (frames.length < 2) {
      const frame = await peer.next();
      if (frame.type === "CALLBACK") frames.push(frame);
    }
    expect(frames.map((frame) => payloadOf(frame)["msgId"])).toEqual([msgId, msgId]);
    expect(frames[1]?.headers["messageId"]).not.toBe(first.headers["messageId"]);
    clock.advance(600_000);
    sandbox.runDue();
    expect(sandbox.dingtalk.deliveries.map(({ attempt }) => attempt)).toEqual([1, 2]);
  });

  it("keeps the messageId, and repeats more often, when switched to", async () => {
    const clock = handClock();
    const sandbox = await openSandbox({ now: clock.now });
    sandbox.dingtalk.behave({ redeliverAfterMs: 10, redeliveries: 2, redeliveredId: "same", pingPeriodMs: 0 });
    await connectPeer(sandbox);
    sandbox.dingtalk.say("staff-1", "hello");
    for (let round = 0; round < 4; round += 1) {
      clock.advance(10);
      sandbox.runDue();
    }
    const { deliveries } = sandbox.dingtalk;
    expect(deliveries.map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
    expect(new Set(deliveries.map(({ messageId }) => messageId)).size).toBe(1);
  });

  it("ends with an answer to any attempt", async () => {
    const clock = handClock();
    const sandbox = await openSandbox({ now: clock.now });
    const peer = await connectPeer(sandbox);
    const msgId = sandbox.dingtalk.say("staff-1", "hello");
    const first = await peer.next();
    expect(sandbox.dingtalk.redeliver(msgId)).toMatchObject({ attempt: 2, msgId });
    await peer.next();
    peer.ack(first);
    expect(await sandbox.dingtalk.nextAck()).toMatchObject({ msgId });
    clock.advance(600_000);
    sandbox.runDue();
    expect(sandbox.dingtalk.deliveries.map(({ answeredAt }) => answeredAt !== undefined)).toEqual([true, false]);
    expect(() => sandbox.dingtalk.redeliver("nobody")).toThrow(RangeError);
  });

  it("brings a message later that nobody could take", async () => {
    const clock = handClock();
    const sandbox = await openSandbox({ now: clock.now });
    const msgId = sandbox.dingtalk.say("staff-1", "anybody?");
    expect(await sandbox.dingtalk.nextDelivery()).not.toHaveProperty("connection");
    const peer = await connectPeer(sandbox);
    clock.advance(60_000);
    sandbox.runDue();
    let frame = await peer.next();
    while (frame.type === "SYSTEM") frame = await peer.next();
    expect(payloadOf(frame)).toMatchObject({ msgId });
  });

  it("repeats an event that is put off, and none that is done", async () => {
    const clock = handClock();
    const sandbox = await openSandbox({ now: clock.now });
    sandbox.dingtalk.behave({ pingPeriodMs: 0, redeliveries: 5 });
    const peer = await connectPeer(sandbox, { subscriptions: [{ type: "EVENT", topic: "*" }] });
    sandbox.dingtalk.push({ type: "EVENT", topic: "*", data: {} });
    for (const status of ["LATER", "SUCCESS"]) {
      peer.ack(await peer.next(), { status });
      await sandbox.dingtalk.nextAck();
      clock.advance(60_000);
      sandbox.runDue();
    }
    expect(sandbox.dingtalk.deliveries.map(({ attempt }) => attempt)).toEqual([1, 2]);
  });
});

describe("answers", () => {
  it.each<readonly [title: string, data: unknown, headers: object]>([
    ["the sheet's", '{"response":null}', {}],
    ["SDK-P's", '{"response":"OK"}', {}],
    ["SDK-G's", "", {}],
    ["SDK-J's", '{"response":null}', { time: "1763800000000" }],
  ])("takes %s without a complaint", async (_title, data, extra) => {
    const sandbox = await openSandbox();
    const peer = await connectPeer(sandbox);
    sandbox.dingtalk.say("staff-1", "hello");
    const { messageId } = (await peer.next()).headers;
    peer.socket.send(JSON.stringify({ code: 200, message: "OK", headers: { messageId, contentType: "application/json", ...extra }, data }));
    expect(await sandbox.dingtalk.nextAck()).toMatchObject({ problems: [], counts: true });
  });

  it("notes what is wrong with an answer; in strict mode it does not count", async () => {
    const sandbox = await openSandbox();
    const peer = await connectPeer(sandbox);
    sandbox.dingtalk.say("staff-1", "hello");
    const { messageId } = (await peer.next()).headers;
    const sloppy = JSON.stringify({ code: "200", headers: { messageId }, data: {} });
    const problems = ["code is not a number", "headers.contentType is not application/json", "data is not a text"];
    sandbox.dingtalk.behave({ strictAcks: true });
    peer.socket.send(sloppy);
    expect(await sandbox.dingtalk.nextAck()).toMatchObject({ problems, counts: false });
    sandbox.dingtalk.behave({ strictAcks: false });
    peer.socket.send(sloppy);
    expect(await sandbox.dingtalk.nextAck()).toMatchObject({ problems, counts: true });
  });

  it.each<readonly [frame: string | Uint8Array, problem: string]>([
    ["{", "the frame is not a JSON object"],
    ["[1]", "the frame is not a JSON object"],
    [new Uint8Array([1]), "the frame is binary"],
    ['{"code":200,"headers":{"contentType":"application/json"},"data":""}', "headers.messageId is missing"],
    ['{"code":200,"headers":{"contentType":"application/json","messageId":"m"},"data":"{"}', "data is not JSON"],
    ['{"code":200,"headers":{"contentType":"application/json","messageId":"m"},"data":""}', "headers.messageId is of no frame on this connection"],
  ])("notes %o and lives on", async (frame, problem) => {
    const sandbox = await openSandbox();
    const peer = await connectPeer(sandbox);
    peer.socket.send(frame);
    const { problems, counts } = await sandbox.dingtalk.nextAck();
    expect(problems).toContain(problem);
    expect(counts).toBe(false);
  });

  it("counts only on the connection that the frame went to", async () => {
    const sandbox = await openSandbox();
    const [one, other] = [await connectPeer(sandbox), await connectPeer(sandbox)];
    sandbox.dingtalk.say("staff-1", "hello", { connection: one.connection.id });
    other.ack(await one.next());
    expect(await sandbox.dingtalk.nextAck()).toMatchObject({ connection: other.connection.id, counts: false });
  });
});

describe("several connections", () => {
  it("get each message once, at random but the same way in every run", async () => {
    const runs = await Promise.all([1, 2].map(async () => {
      const sandbox = await openSandbox();
      const first = await connectPeer(sandbox);
      await connectPeer(sandbox);
      for (let count = 0; count < 20; count += 1) sandbox.dingtalk.say("staff-1", "hello");
      return sandbox.dingtalk.deliveries.map(({ connection }) => connection === first.connection.id);
    }));
    expect(new Set(runs[0])).toEqual(new Set([true, false]));
    expect(runs[1]).toEqual(runs[0]);
  });

  it.each([["newest", 1], ["oldest", 0]] as const)("leave the %s in charge when switched to", async (routing, index) => {
    const sandbox = await openSandbox();
    const peers = [await connectPeer(sandbox), await connectPeer(sandbox)];
    sandbox.dingtalk.behave({ routing });
    sandbox.dingtalk.push({ ...CALLBACK, data: {} });
    expect(await sandbox.dingtalk.nextDelivery()).toMatchObject({ connection: peers[index]?.connection.id });
  });
});
