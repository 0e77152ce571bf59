import { createMemoryStore, type Accept } from "@revka/core";
import { describe, expect, it, vi } from "vitest";
import { dispatch, groupMessage, listenToPlatform, privateMessage, type Listening, type ListenOptions } from "./listening.test-support.ts";

const LAST = dispatch("C2C_MESSAGE_CREATE", privateMessage({ id: "last", author: { user_openid: "FRIEND" } }), 99);

/** What a channel hands over of these dispatches, by id. */
async function takenOf(dispatches: readonly string[], options: ListenOptions = {}): Promise<{ readonly ids: readonly string[]; readonly listening: Listening }> {
  const listening = await listenToPlatform({ config: { allowedUsers: ["FRIEND"] }, ...options });
  const socket = await listening.connected();
  for (const text of [...dispatches, LAST]) socket.send(text);
  await vi.waitUntil(() => listening.messages.some(({ id }) => id === "last"));
  await listening.clock.advance(0);
  const ids = listening.messages.map(({ id }) => id).filter((id) => id !== "last");
  await listening[Symbol.asyncDispose]();
  return { ids, listening };
}
const friendly = (id: string, overrides: object = {}): string => dispatch("C2C_MESSAGE_CREATE", privateMessage({ id, author: { user_openid: "FRIEND" }, ...overrides }), 2);
const inGroup = (type: string, overrides: object = {}): string => dispatch(type, groupMessage({ id: "m", author: { member_openid: "FRIEND" }, ...overrides }), 2);

describe("createTake", () => {
  it.each([
    [[], {}, false],
    [["*"], {}, true],
    [["USER1"], {}, true],
    [["UNION1"], {}, true],
    [["user1"], {}, false],
    [["USER2"], {}, false],
  ] as const)("with %j on the list admits a private message or not (QQ-11, QQ-12, QQ-13)", async (allowed, _none, isTaken) => {
    const { ids } = await takenOf([dispatch("C2C_MESSAGE_CREATE", privateMessage({ id: "m" }), 2)], { config: { allowedUsers: [...allowed, ...(allowed.length === 1 && allowed[0] === "*" ? [] : ["FRIEND"])] } });
    expect(ids).toEqual(isTaken ? ["m"] : []);
  });

  it("knows a member of a group by each of the ids (QQ-13)", async () => {
    const author = { id: "A1", member_openid: "A2", union_openid: "A3" };
    for (const id of ["A1", "A2", "A3"]) {
      const { ids } = await takenOf([dispatch("GROUP_AT_MESSAGE_CREATE", groupMessage({ id: "m", author }), 2)], { config: { allowedUsers: [id, "FRIEND"] } });
      expect(ids).toEqual(["m"]);
    }
  });

  it("names strangers once an hour, with the id for the list (QQ-D06)", async () => {
    const stranger = (id: string, s: number): string => dispatch("C2C_MESSAGE_CREATE", privateMessage({ id }), s);
    const { listening } = await takenOf([stranger("a", 2), stranger("b", 3), dispatch("GROUP_AT_MESSAGE_CREATE", groupMessage({ id: "c" }), 4)]);
    const lines = listening.logger.entries.filter(({ message }) => message.includes("unauthorized")).map(({ level, message }) => `${level} ${message}`);
    expect(lines).toEqual([
      "warn QQ: ignoring C2C message from unauthorized user: USER1",
      "debug QQ: ignoring C2C message from unauthorized user: USER1",
      "warn QQ: ignoring group message from unauthorized user: MEMBER1",
    ]);
  });

  it("fetches nothing of strangers", async () => {
    const attachments = [{ content_type: "image/png", url: "https://multimedia.example/x" }];
    const { ids, listening } = await takenOf([dispatch("C2C_MESSAGE_CREATE", privateMessage({ attachments }), 2)]);
    expect(ids).toEqual([]);
    expect(listening.platform.calls.filter(({ path }) => path.startsWith("/blob"))).toEqual([]);
  });

  it.each([
    ["without anybody who wrote it", dispatch("C2C_MESSAGE_CREATE", privateMessage({ author: undefined }), 2)],
    ["of somebody whose id could lead elsewhere", dispatch("C2C_MESSAGE_CREATE", privateMessage({ author: { user_openid: "../x" } }), 2)],
    ["of a group whose id could lead elsewhere", dispatch("GROUP_AT_MESSAGE_CREATE", groupMessage({ group_openid: "a/b" }), 2)],
    ["of another bot", dispatch("GROUP_AT_MESSAGE_CREATE", groupMessage({ author: { member_openid: "FRIEND", bot: true } }), 2)],
    ["of the bot itself", dispatch("C2C_MESSAGE_CREATE", privateMessage({ author: { user_openid: "BOT1" } }), 2)],
    ["without content", friendly("empty", { content: "  " })],
    ["in a group that mentions nobody", inGroup("GROUP_MESSAGE_CREATE")],
    ["in a group that mentions somebody else", inGroup("GROUP_MESSAGE_CREATE", { mentions: [{ id: "X", is_you: false }] })],
  ])("drops a message %s", async (_title, text) => {
    expect((await takenOf([text], { config: { allowedUsers: ["*"] } })).ids).toEqual([]);
  });

  it.each([
    ["says that the bot is mentioned", { mentions: [{ id: "BOT1", is_you: true }], content: "<@BOT1> hello" }],
    ["mentions it by its id", { content: "<@!BOT1> hello" }],
  ])("takes a message of a group that sends all where it %s, once", async (_title, overrides) => {
    expect((await takenOf([inGroup("GROUP_MESSAGE_CREATE", overrides), inGroup("GROUP_AT_MESSAGE_CREATE")])).ids).toEqual(["m"]);
  });

  it("takes a message once, over connections and half an hour", async () => {
    await using listening = await listenToPlatform();
    const first = await listening.connected();
    first.send(dispatch("C2C_MESSAGE_CREATE", privateMessage(), 2));
    await listening.next();
    first.send(JSON.stringify({ op: 7 }));
    const second = await listening.connected(2);
    await listening.live(second, 1_799_999);
    second.send(dispatch("C2C_MESSAGE_CREATE", privateMessage(), 60));
    second.send(dispatch("C2C_MESSAGE_CREATE", privateMessage({ id: "msg-2" }), 61));
    expect((await listening.next()).id).toBe("msg-2");
  });

  it("takes voice once that comes again soon with another id, and later anew", async () => {
    const voice = (id: string, rkey: string): string =>
      friendly(id, { content: "", attachments: [{ content_type: "voice", filename: "a.amr", url: `https://m.example/download?fileid=F&rkey=${rkey}`, asr_refer_text: "hello" }] });
    await using listening = await listenToPlatform({ config: { allowedUsers: ["FRIEND"] } });
    const socket = await listening.connected();
    socket.send(voice("one", "1"));
    expect((await listening.next()).id).toBe("one");
    socket.send(voice("two", "2"));
    socket.send(friendly("three", { attachments: [{ content_type: "voice", filename: "b.amr", url: "https://m.example/download?fileid=G" }] }));
    expect((await listening.next()).id).toBe("three");
    await listening.live(socket, 300_000);
    socket.send(voice("four", "4"));
    expect((await listening.next()).id).toBe("four");
  });

  it("keeps the order of a conversation behind a slow message, and lets others pass", async () => {
    const release = Promise.withResolvers<"accepted">();
    const answer: Accept = ({ id }) => (id === "slow" ? release.promise : Promise.resolve("accepted"));
    await using listening = await listenToPlatform({ answer });
    const socket = await listening.connected();
    for (const [id, user] of [["slow", "A"], ["next", "A"], ["other", "B"]] as const) socket.send(dispatch("C2C_MESSAGE_CREATE", privateMessage({ id, author: { id: user } }), 2));
    await vi.waitUntil(() => listening.messages.length === 2);
    expect(listening.messages.map(({ id }) => id).toSorted()).toEqual(["other", "slow"]);
    release.resolve("accepted");
    await vi.waitUntil(() => listening.messages.some(({ id }) => id === "next"));
  });

  it("offers a message again that the host refuses, and gives up one that it will never take", async () => {
    const answer: Accept = ({ id }) => (id === "bad" ? Promise.reject(new TypeError("cannot read that")) : Promise.resolve("accepted"));
    await using listening = await listenToPlatform({ answer, store: createMemoryStore() });
    const socket = await listening.connected();
    socket.send(dispatch("C2C_MESSAGE_CREATE", privateMessage({ id: "bad" }), 2));
    socket.send(dispatch("C2C_MESSAGE_CREATE", privateMessage({ id: "good" }), 3));
    await vi.waitUntil(() => listening.messages.length === 1);
    await listening.clock.advance(7_000);
    await vi.waitUntil(() => listening.messages.some(({ id }) => id === "good"));
    expect(listening.messages.map(({ id }) => id)).toEqual(["bad", "bad", "bad", "bad", "good"]);
    expect(listening.logger.text()).toContain("error QQ: giving up a message that the host refuses");
  });

  it("says once that nobody takes messages any more when it stops (QQ-D07)", async () => {
    await using listening = await listenToPlatform({ answer: () => new Promise(() => undefined) });
    const socket = await listening.connected();
    for (const s of [2, 3, 4]) socket.send(dispatch("C2C_MESSAGE_CREATE", privateMessage({ id: `m-${s}` }), s));
    await listening.next();
    await listening.stop();
    await vi.waitUntil(() => listening.logger.text().includes("QQ: message channel closed"));
    expect(listening.logger.entries.filter(({ message }) => message === "QQ: message channel closed")).toHaveLength(1);
  });
});
