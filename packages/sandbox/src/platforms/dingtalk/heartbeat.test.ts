import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { connectPeer } from "../../testing/dingtalk-peer.ts";
import { handClock, openSandbox } from "../../testing/open-sandbox.ts";

describe("SYSTEM pings", () => {
  it("come every 30 seconds and note whether the opaque came back", async () => {
    const clock = handClock();
    const sandbox = await openSandbox({ now: clock.now });
    const peer = await connectPeer(sandbox);
    clock.advance(30_000);
    sandbox.runDue();
    const ping = await peer.next();
    expect(ping).toMatchObject({ type: "SYSTEM", headers: { topic: "ping" }, data: expect.stringMatching(/^\{"opaque":"op-/) as string });
    clock.advance(40);
    peer.ack(ping, ping.data);
    const pong = await sandbox.dingtalk.nextPong();
    expect(pong).toMatchObject({ connection: peer.connection.id, isEchoed: true });
    expect((pong.answeredAt ?? 0) - pong.at).toBe(40);
    clock.advance(29_960);
    sandbox.runDue();
    peer.ack(await peer.next(), "");
    expect(await sandbox.dingtalk.nextPong()).toMatchObject({ isEchoed: false });
    expect(sandbox.dingtalk.acks).toEqual([]);
  });

  it("carry the data that they are given, on demand", async () => {
    const sandbox = await openSandbox();
    const peer = await connectPeer(sandbox);
    for (const data of [{}, "", { opaque: "o", more: [1] }]) {
      peer.connection.ping(data);
      const ping = await peer.next();
      peer.ack(ping, ping.data);
      expect(await sandbox.dingtalk.nextPong()).toMatchObject({ isEchoed: true });
    }
    sandbox.frameFaults.add({ frame: "SYSTEM ping", fault: { kind: "duplicate" } });
    sandbox.dingtalk.ping();
    for (const ping of [await peer.next(), await peer.next()]) peer.ack(ping, ping.data);
    expect(await sandbox.dingtalk.nextPong()).toMatchObject({ isEchoed: true });
    expect(sandbox.dingtalk.acks).toEqual([]);
  });

  it("end a connection after three without an answer", async () => {
    const clock = handClock();
    const sandbox = await openSandbox({ now: clock.now });
    const peer = await connectPeer(sandbox);
    const closed = once(peer.socket, "close");
    for (let count = 0; count < 4; count += 1) {
      expect(peer.socket.readyState).toBe(peer.socket.OPEN);
      clock.advance(30_000);
      sandbox.runDue();
    }
    expect((await closed)[0]).toBe(1006);
    expect(sandbox.dingtalk.pings).toHaveLength(3);
  });

  it("stay away when switched off", async () => {
    const clock = handClock();
    const sandbox = await openSandbox({ now: clock.now });
    sandbox.dingtalk.behave({ pingPeriodMs: 0 });
    await connectPeer(sandbox);
    clock.advance(3_600_000);
    sandbox.runDue();
    expect(sandbox.dingtalk.pings).toEqual([]);
  });
});

describe("SYSTEM disconnect", () => {
  it("stops the flow of messages, leaves the connection open and ends it 10 seconds later", async () => {
    const clock = handClock();
    const sandbox = await openSandbox({ now: clock.now });
    const { dingtalk } = sandbox;
    const peer = await connectPeer(sandbox);
    dingtalk.disconnect();
    const frame = await peer.next();
    expect(frame).toMatchObject({ type: "SYSTEM", headers: { topic: "disconnect" }, data: '{"reason":"connection is expired"}' });
    expect(frame.headers).not.toHaveProperty("messageId");
    expect(peer.connection.state).toBe("draining");
    dingtalk.say("staff-1", "nobody there?");
    expect(await dingtalk.nextDelivery()).not.toHaveProperty("connection");
    dingtalk.say("staff-1", "on the old one", { connection: peer.connection.id });
    peer.ack(await peer.next());
    expect(await dingtalk.nextAck()).toMatchObject({ counts: true });
    const closed = once(peer.socket, "close");
    clock.advance(10_000);
    sandbox.runDue();
    expect((await closed)[0]).toBe(1006);
    expect(await peer.connection.closed).toMatchObject({ at: clock.now() });
  });

  it("comes at an age, when switched to, and only once", async () => {
    const clock = handClock();
    const sandbox = await openSandbox({ now: clock.now });
    sandbox.dingtalk.behave({ disconnectAfterMs: 60_000, graceMs: 1_000_000, pingPeriodMs: 0 });
    const peer = await connectPeer(sandbox);
    clock.advance(60_000);
    sandbox.runDue();
    sandbox.dingtalk.disconnect();
    expect((await peer.next()).headers["topic"]).toBe("disconnect");
    peer.connection.ping();
    expect((await peer.next()).headers["topic"]).toBe("ping");
  });
});

describe("a broken connection", () => {
  it("is silent until it may speak again", async () => {
    const sandbox = await openSandbox();
    const peer = await connectPeer(sandbox);
    const speak = peer.connection.silence();
    sandbox.dingtalk.say("staff-1", "lost");
    speak();
    sandbox.dingtalk.say("staff-1", "heard");
    expect(await peer.nextText()).toContain("heard");
  });

  it("hits frames by their names: a lost message, an ack that never arrives, a pong held back", async () => {
    const sandbox = await openSandbox();
    const peer = await connectPeer(sandbox);
    sandbox.frameFaults.add({ platform: "dingtalk", frame: "CALLBACK *", fault: { kind: "drop" } });
    const lostAck = sandbox.frameFaults.add({ frame: "ack", fault: { kind: "drop" } });
    const lostPong = sandbox.frameFaults.add({ frame: "pong", fault: { kind: "hold" } });
    sandbox.dingtalk.say("staff-1", "lost");
    sandbox.dingtalk.say("staff-1", "heard");
    peer.ack(await peer.next());
    await lostAck.struck;
    peer.connection.ping();
    const ping = await peer.next();
    peer.ack(ping, ping.data);
    await lostPong.struck;
    expect(sandbox.dingtalk.acks).toEqual([]);
    lostPong.release();
    expect(await sandbox.dingtalk.nextPong()).toMatchObject({ isEchoed: true });
    expect(sandbox.frames.entries.map(({ frame, fault }) => [frame, fault])).toEqual([
      ["CALLBACK /v1.0/im/bot/messages/get", "drop"],
      ["CALLBACK /v1.0/im/bot/messages/get", undefined],
      ["ack", "drop"],
      ["SYSTEM ping", undefined],
      ["pong", "hold"],
    ]);
  });
});
