import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { handClock, openSandbox } from "../../testing/open-sandbox.ts";
import { connectPeer, INTENTS, openPeer, type QqFrame, type QqPeer, resumePeer, tokenOf } from "../../testing/qq-peer.ts";
import type { Sandbox } from "../../sandbox.ts";

/** What a client sees of a frame. */
function outline({ s, t, d }: QqFrame): unknown {
  return [s, t, typeof d === "object" && d !== null && "content" in d ? d.content : d];
}

/** Loses a connection that has read one message, with two more said meanwhile. */
async function lose(sandbox: Sandbox): Promise<string> {
  const peer = await connectPeer(sandbox);
  sandbox.qq.say("USER_1", "one");
  await peer.next();
  peer.connection.terminate();
  await peer.connection.closed;
  for (const text of ["two", "three"]) sandbox.qq.say("USER_1", text);
  return peer.session;
}

/** What a client sees of the next frames. */
async function outlines(peer: QqPeer, count: number): Promise<unknown[]> {
  const frames = [];
  while (frames.length < count) frames.push(outline(await peer.next()));
  return frames;
}

describe("a session", () => {
  it("goes on where the client was, with what it missed", async () => {
    const sandbox = await openSandbox();
    const session = await lose(sandbox);
    expect(sandbox.qq.sessions).toMatchObject([{ id: session, s: 4 }]);
    expect(sandbox.qq.sessions[0]).not.toHaveProperty("connection");
    const peer = await resumePeer(sandbox, session, 2);
    expect(await outlines(peer, 3)).toEqual([[3, "C2C_MESSAGE_CREATE", "two"], [4, "C2C_MESSAGE_CREATE", "three"], [5, "RESUMED", ""]]);
    sandbox.qq.say("USER_1", "four");
    expect(await outlines(peer, 1)).toEqual([[6, "C2C_MESSAGE_CREATE", "four"]]);
    expect(sandbox.qq.logins.at(-1)).toMatchObject({ kind: "resume", outcome: "resumed", session, s: 2 });
  });

  it("replays also what the client had, when it is switched so", async () => {
    const sandbox = await openSandbox();
    const session = await lose(sandbox);
    sandbox.qq.behave({ replaysExtra: 10 });
    expect(await outlines(await resumePeer(sandbox, session, 4), 4)).toEqual([
      [2, "C2C_MESSAGE_CREATE", "one"], [3, "C2C_MESSAGE_CREATE", "two"], [4, "C2C_MESSAGE_CREATE", "three"], [5, "RESUMED", ""],
    ]);
  });

  it.each([["text", ""], ["object", {}], ["missing", undefined]] as const)("is resumed with d as %s", async (resumedAs, d) => {
    const sandbox = await openSandbox();
    const session = await lose(sandbox);
    sandbox.qq.behave({ resumedAs });
    expect(await outlines(await resumePeer(sandbox, session, 4), 1)).toEqual([[5, "RESUMED", d]]);
  });

  it("is resumed with a bare token, too", async () => {
    const sandbox = await openSandbox();
    const session = await lose(sandbox);
    const peer = await openPeer(sandbox);
    await peer.next();
    peer.send({ op: 6, d: { token: await tokenOf(sandbox), session_id: session, seq: 4 } });
    expect(await peer.next()).toMatchObject({ t: "RESUMED" });
  });

  it("refuses a Resume that is ahead of it, or without a good token", async () => {
    const sandbox = await openSandbox();
    const session = await lose(sandbox);
    expect(await (await resumePeer(sandbox, session, 5)).closeCode()).toBe(4007);
    const peer = await openPeer(sandbox);
    peer.send({ op: 6, d: { token: "QQBot tk-1", session_id: session, seq: 2 } });
    expect(await peer.closeCode()).toBe(4004);
  });

  it.each(["is unknown", "is spoilt", "has been alone for 30 minutes", "was called invalid"])("that %s cannot be resumed, but another one begun on the same connection", async (title) => {
    const clock = handClock();
    const sandbox = await openSandbox({ now: clock.now });
    const session = title === "is unknown" ? "no-session" : await lose(sandbox);
    if (title === "is spoilt") sandbox.qq.spoilSessions();
    if (title === "has been alone for 30 minutes") clock.advance(1_800_000);
    if (title === "was called invalid") {
      const peer = await resumePeer(sandbox, session, 4);
      await peer.next();
      peer.connection.invalidate();
      expect(await peer.next()).toEqual({ op: 9 });
    }
    const peer = await resumePeer(sandbox, session, 2);
    expect(await peer.next()).toEqual({ op: 9, d: false });
    peer.send({ op: 2, d: { token: `QQBot ${await tokenOf(sandbox)}`, intents: INTENTS } });
    expect(await peer.next()).toMatchObject({ t: "READY", s: 1 });
    sandbox.qq.behave({ refusesResumeBy: "close" });
    expect(await (await resumePeer(sandbox, session, 2)).closeCode()).toBe(4006);
  });

  it("that was called invalid, but not for good, is resumed", async () => {
    const sandbox = await openSandbox();
    const peer = await connectPeer(sandbox);
    peer.connection.invalidate(true);
    await peer.next();
    sandbox.qq.say("USER_1", "meanwhile");
    peer.send({ op: 6, d: { token: `QQBot ${await tokenOf(sandbox)}`, session_id: peer.session, seq: 1 } });
    expect(await outlines(peer, 2)).toEqual([[2, "C2C_MESSAGE_CREATE", "meanwhile"], [3, "RESUMED", ""]]);
  });

  it("belongs to the connection that resumed it last", async () => {
    const sandbox = await openSandbox();
    const first = await connectPeer(sandbox);
    const second = await resumePeer(sandbox, first.session, 1);
    expect(await second.next()).toMatchObject({ t: "RESUMED" });
    expect(await first.closeCode()).toBe(4009);
    await first.connection.closed;
    expect(sandbox.qq.sessions).toMatchObject([{ connection: second.connection.id }]);
  });

  it("gets what its intents ask for, and each session everything", async () => {
    const sandbox = await openSandbox();
    const [chats, buttons, both] = [await connectPeer(sandbox), await connectPeer(sandbox, { intents: 1 << 26 }), await connectPeer(sandbox, { intents: INTENTS | (1 << 26) })];
    sandbox.qq.say("USER_1", "hello");
    const { id } = sandbox.qq.interact("USER_1");
    const press: unknown = expect.objectContaining({ id, type: 11, scene: "c2c", chat_type: 2, user_openid: "USER_1" });
    sandbox.qq.push({ t: "RIDDLE", d: null });
    expect(await outlines(chats, 2)).toEqual([[2, "C2C_MESSAGE_CREATE", "hello"], [3, "RIDDLE", null]]);
    expect(await outlines(buttons, 2)).toEqual([[2, "INTERACTION_CREATE", press], [3, "RIDDLE", null]]);
    expect(await outlines(both, 3)).toEqual([[2, "C2C_MESSAGE_CREATE", "hello"], [3, "INTERACTION_CREATE", press], [4, "RIDDLE", null]]);
  });

  it("gets events that a test makes up: without a number, or on one connection only", async () => {
    const sandbox = await openSandbox();
    const [first, second] = [await connectPeer(sandbox), await connectPeer(sandbox)];
    sandbox.qq.push({ t: "GROUP_ADD_ROBOT", d: { group_openid: "G" }, id: "e-1" }, { isNumbered: false });
    sandbox.qq.push({ t: "AT_MESSAGE_CREATE", d: {} }, { connection: first.connection.id });
    sandbox.qq.push({ t: "FRIEND_ADD", d: 7 });
    expect([await first.next(), await first.next(), await first.next()]).toEqual([
      { op: 0, t: "GROUP_ADD_ROBOT", id: "e-1", d: { group_openid: "G" } }, { op: 0, s: 2, t: "AT_MESSAGE_CREATE", d: {} }, { op: 0, s: 3, t: "FRIEND_ADD", d: 7 },
    ]);
    expect([await second.next(), await second.next()]).toMatchObject([{ t: "GROUP_ADD_ROBOT" }, { s: 2, t: "FRIEND_ADD" }]);
  });

  it("outlives a reset of the sandbox while it is connected", async () => {
    const sandbox = await openSandbox();
    await lose(sandbox);
    const peer = await connectPeer(sandbox);
    sandbox.reset();
    expect(sandbox.qq.sessions).toMatchObject([{ connection: peer.connection.id }]);
    sandbox.qq.say("USER_1", "after");
    expect(await peer.next()).toMatchObject({ t: "C2C_MESSAGE_CREATE", d: { content: "after" } });
    peer.socket.close();
    await once(peer.socket, "close");
  });
});
