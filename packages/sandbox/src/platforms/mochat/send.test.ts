import { describe, expect, it } from "vitest";
import { createMochatPeer, type MochatPeer, textTo } from "../../testing/mochat-peer.ts";
import { handClock, openSandbox } from "../../testing/open-sandbox.ts";
import type { Sandbox } from "../../sandbox.ts";
import type { MochatBehaviour } from "./behaviour.ts";

const DAY_MS = 86_400_000;

async function openHouse(behaviour: Partial<MochatBehaviour> = {}): Promise<{ sandbox: Sandbox; peer: MochatPeer; advance: (ms: number) => void }> {
  const { now, advance } = handClock();
  const sandbox = await openSandbox({ now });
  sandbox.mochat.behave(behaviour);
  return { sandbox, peer: createMochatPeer(sandbox), advance };
}

describe("POST /api/message/send", () => {
  it("delivers a text and answers with its id (MOCHAT-21)", async () => {
    const { sandbox, peer } = await openHouse();
    expect(await peer.send(textTo("u-1", "hello"))).toMatchObject({ status: 200, json: { code: 0, msg: "ok", data: { messageId: "s-1" } } });
    expect(sandbox.mochat.sent).toMatchObject([{ messageId: "s-1", userId: "u-1", text: "hello", at: 1_790_000_000_000 }]);
    expect(sandbox.mochat.sent[0]?.headers).toMatchObject({ authorization: `Bearer ${sandbox.mochat.token}` });
  });

  it.each<[string, unknown]>([
    ["an empty toUserId", textTo("", "hello")],
    ["no toUserId", { msgType: "text", content: { text: "hello" } }],
    ["a numeric toUserId", { ...textTo("", "hello"), toUserId: 7 }],
    ["an empty text", textTo("u-1", "")],
    ["no text", { toUserId: "u-1", msgType: "text", content: {} }],
    ["content that is a string", { toUserId: "u-1", msgType: "text", content: "hello" }],
    ["another msgType", { ...textTo("u-1", "hello"), msgType: "image" }],
    ["no msgType", { toUserId: "u-1", content: { text: "hello" } }],
    ["a body that is no JSON", "{"],
    ["a body that is no object", "[]"],
  ])("refuses %s with code 40001", async (_title, body) => {
    const { sandbox, peer } = await openHouse();
    expect(await peer.send(body)).toMatchObject({ status: 200, json: { code: 40001 } });
    expect(sandbox.mochat.sent).toEqual([]);
  });

  it.each<[Partial<MochatBehaviour>, unknown, number]>([
    [{ sendCode: 200 }, { code: 200, msg: "ok", data: { messageId: "s-1" } }, 1],
    [{ sendCode: "0" }, { code: "0", msg: "ok", data: { messageId: "s-1" } }, 1],
    [{ sendCode: "200", sendTextKey: "message" }, { code: "200", message: "ok", data: { messageId: "s-1" } }, 1],
    [{ sendCode: null, sendTextKey: "none" }, { data: { messageId: "s-1" } }, 1],
    [{ sendCode: 40001 }, { code: 40001, msg: "send refused" }, 0],
    [{ sendCode: 500, sendTextKey: "message" }, { code: 500, message: "send refused" }, 0],
    [{ sendCode: "busy", sendTextKey: "none" }, { code: "busy" }, 0],
  ])("with %j answers %j and delivers %i", async (behaviour, expected, delivered) => {
    const { sandbox, peer } = await openHouse(behaviour);
    expect((await peer.send(textTo("u-1", "hello"))).json).toEqual(expected);
    expect(sandbox.mochat.sent).toHaveLength(delivered);
  });

  it("gives the replies to one user one by one", async () => {
    const { sandbox, peer } = await openHouse();
    const wanted = [sandbox.mochat.nextReply("u-1"), sandbox.mochat.nextReply("u-1")];
    for (const [user, text] of [["u-2", "x"], ["u-1", "a"], ["u-1", "b"]] as const) await peer.send(textTo(user, text));
    expect((await Promise.all(wanted)).map(({ text }) => text)).toEqual(["a", "b"]);
    expect((await sandbox.mochat.nextReply("u-2")).text).toBe("x");
  });

  it("keeps the transcript of a conversation", async () => {
    const { sandbox, peer } = await openHouse();
    sandbox.mochat.say("u-1", "hello");
    sandbox.mochat.say("u-2", "other");
    await peer.send(textTo("u-1", "hi"));
    expect(sandbox.mochat.transcript("u-1").map(({ from, text }) => `${from}: ${text}`)).toEqual(["user: hello", "bot: hi"]);
  });

  it("answers a repeated Idempotency-Key with the first answer and delivers nothing", async () => {
    const { sandbox, peer } = await openHouse();
    const first = await peer.send(textTo("u-1", "hello"), { "idempotency-key": "turn-1:0" });
    expect(await peer.send(textTo("u-1", "hello"), { "idempotency-key": "turn-1:0" })).toEqual(first);
    await peer.send(textTo("u-1", "more"), { "idempotency-key": "turn-1:1" });
    await peer.send(textTo("u-1", "no key"));
    await peer.send(textTo("u-1", "no key"));
    expect(sandbox.mochat.sent.map(({ text }) => text)).toEqual(["hello", "more", "no key", "no key"]);
  });

  it("remembers a key for a day, and not at all when it refused or was told not to", async () => {
    const { sandbox, peer, advance } = await openHouse({ sendCode: 500 });
    const send = (): Promise<unknown> => peer.send(textTo("u-1", "hello"), { "idempotency-key": "k" });
    const delivered = async (): Promise<number> => {
      await send();
      return sandbox.mochat.sent.length;
    };
    expect(await delivered()).toBe(0);
    sandbox.mochat.behave({ sendCode: 0 });
    expect(await delivered()).toBe(1);
    advance(DAY_MS - 1);
    expect(await delivered()).toBe(1);
    advance(1);
    expect(await delivered()).toBe(2);
    sandbox.mochat.behave({ idempotency: false });
    expect(await delivered()).toBe(3);
  });
});
