import { describe, expect, it } from "vitest";
import { handClock, openSandbox } from "../../testing/open-sandbox.ts";
import { connectPeer, openCaller, type QqFrame } from "../../testing/qq-peer.ts";
import type { Sandbox } from "../../sandbox.ts";
import type { QqContent } from "./content.ts";
import type { QqSaying } from "./say.ts";

const BYTES = new Uint8Array([1, 2, 3]);
const LINK = expect.stringMatching(/\/qq\/download\?appid=1407&fileid=[\w-]+&rkey=[\w-]+$/) as string;
const REF = expect.stringMatching(/^REFIDX_.+==$/) as string;

/** What a client gets of something that USER_1 says. */
async function heard(sandbox: Sandbox, content: string | QqContent, saying?: QqSaying): Promise<QqFrame & { readonly d: Readonly<Record<string, unknown>> }> {
  const peer = await connectPeer(sandbox);
  sandbox.qq.say("USER_1", content, saying);
  return (await peer.next()) as Awaited<ReturnType<typeof heard>>;
}

describe("say", () => {
  it("writes a private message as the platform does", async () => {
    const sandbox = await openSandbox({ now: handClock(Date.UTC(2026, 10, 22, 2, 15, 4)).now });
    const { t, d } = await heard(sandbox, "please look <here> & there");
    expect(t).toBe("C2C_MESSAGE_CREATE");
    expect(d).toEqual({
      id: expect.stringMatching(/^ROBOT1\.0_.+!$/) as string, timestamp: "2026-11-22T10:15:04+08:00",
      author: { id: "USER_1", user_openid: "USER_1", union_openid: "union-USER_1" },
      content: "please look &lt;here&gt; &amp; there", message_type: 0, attachments: [],
      message_scene: { source: "default", ext: [expect.stringMatching(/^msg_idx=REFIDX_.+==$/) as string] },
    });
  });

  it("writes one from a group, with the space that a mention leaves", async () => {
    const { t, d } = await heard(await openSandbox(), "hello", { group: "G" });
    expect(t).toBe("GROUP_AT_MESSAGE_CREATE");
    expect(d).toMatchObject({ group_openid: "G", group_id: "G", content: " hello", mentions: [], author: { id: "USER_1", member_openid: "USER_1", member_role: "member", bot: false } });
  });

  it("brings what does not mention the bot only where it hears everything", async () => {
    const sandbox = await openSandbox();
    const { qq } = sandbox;
    const peer = await connectPeer(sandbox);
    qq.say("USER_1", "among us", { group: "G", mention: false });
    qq.say("USER_1", "to all", { group: "G", mention: false, hearsAll: true });
    const id = qq.say("USER_1", "to you", { group: "G", hearsAll: true });
    expect(await peer.next()).toMatchObject({ t: "GROUP_MESSAGE_CREATE", d: { content: "to all", mentions: [] } });
    expect(await peer.next()).toMatchObject({ t: "GROUP_MESSAGE_CREATE", d: { id, content: `<@${qq.botId}> to you`, mentions: [{ is_you: true, id: qq.botId }] } });
    expect(qq.say("USER_1", "to you", { group: "G", id })).toBe(id);
    expect(await peer.next()).toMatchObject({ t: "GROUP_AT_MESSAGE_CREATE", d: { id, content: " to you" } });
  });

  it("writes faces, mentions and raw text between words", async () => {
    const { d } = await heard(await openSandbox(), { text: ["a<", { face: "264", name: "笑哭" }, { mention: "U9" }, { raw: "<faceType=1>" }] });
    const ext = Buffer.from('{"text":"笑哭"}').toString("base64");
    expect(d["content"]).toBe(`a&lt;<faceType=1,faceId="264",ext="${ext}"><@U9><faceType=1>`);
  });

  it.each<readonly [content: QqContent, fields: object]>([
    [{ attachments: [{ kind: "image", bytes: BYTES }] }, { attachments: [{ content_type: "image/png", filename: expect.stringMatching(/\.png$/) as string, size: 3, width: 640, height: 480, url: LINK }] }],
    [{ attachments: [{ kind: "file", bytes: BYTES, name: "../../x" }] }, { attachments: [{ content_type: "file", filename: "../../x", url: LINK }] }],
    [{ attachments: [{ kind: "voice", bytes: BYTES, wav: BYTES, transcript: "restart" }] }, { attachments: [{ content_type: "voice", voice_wav_url: LINK, asr_refer_text: "restart" }] }],
    [{ attachments: [{ kind: "video", bytes: BYTES, overrides: { url: "//elsewhere/x", size: undefined } }] }, { attachments: [{ content_type: "video/mp4", url: "//elsewhere/x" }] }],
    [{ text: "this?", quote: { text: "quoted <words>" } }, { message_type: 103, msg_elements: [{ msg_idx: REF, message_type: 0, content: "quoted &lt;words&gt;", attachments: [] }] }],
    [{ forwarded: [{ text: "one" }, { forwarded: [{ text: "two" }] }] }, { message_type: 102, msg_elements: [{ content: "one" }, { message_type: 102, msg_elements: [{ content: "two" }] }] }],
    [{ ark: { prompt: "[card]", ark_name: "x" } }, { message_type: 3, ark_data: { prompt: "[card]", ark_name: "x" } }],
  ])("writes %o", async (content, fields) => {
    expect((await heard(await openSandbox(), content)).d).toMatchObject(fields);
  });

  it("quotes what the platform saw, of both sides, and can withhold what it was", async () => {
    const sandbox = await openSandbox();
    const { qq } = sandbox;
    const peer = await connectPeer(sandbox);
    const first = qq.say("USER_1", { text: "1 < 2", attachments: [{ kind: "image", bytes: BYTES }], quote: { text: "zero" } });
    const idx = ((await peer.nextMessage())["message_scene"] as { ext: string[] }).ext[0]?.slice("msg_idx=".length);
    const sent = (await (await openCaller(sandbox))("/v2/users/USER_1/messages", { content: "reply", msg_id: first })).json as { id: string; ext_info: { ref_idx: string } };
    qq.say("USER_1", { text: "this?", quote: first });
    expect(await peer.nextMessage()).toMatchObject({ message_type: 103, msg_elements: [{ msg_idx: idx, message_type: 0, content: "1 &lt; 2", attachments: [{ url: LINK }] }], message_scene: { ext: [expect.any(String), `ref_msg_idx=${idx}`] } });
    qq.say("USER_1", { text: "that?", quote: sent.id });
    expect(await peer.nextMessage()).toMatchObject({ msg_elements: [{ msg_idx: sent.ext_info.ref_idx, content: "reply" }] });
    qq.say("USER_1", { text: "which?", quote: { refIdx: "REFIDX_X==", isWithheld: true } });
    const withheld = await peer.nextMessage();
    expect(withheld).toMatchObject({ message_type: 103, message_scene: { ext: [expect.any(String), "ref_msg_idx=REFIDX_X=="] } });
    expect(withheld).not.toHaveProperty("msg_elements");
    expect(() => qq.say("USER_1", { quote: "nobody" })).toThrow(RangeError);
  });

  it("marks bots, and replaces, adds and takes away fields", async () => {
    const { d } = await heard(await openSandbox(), "hello", { bot: true, overrides: { timestamp: undefined, unheardOf: 1 } });
    expect(d).toMatchObject({ author: { bot: true }, unheardOf: 1 });
    expect(d).not.toHaveProperty("timestamp");
    expect((await heard(await openSandbox(), "hello", { overrides: { author: {} } })).d["author"]).toEqual({});
  });

  it("brings a message again, by the same id or another", async () => {
    const sandbox = await openSandbox();
    const { qq } = sandbox;
    const peer = await connectPeer(sandbox);
    const id = qq.say("USER_1", "hello");
    expect([qq.redeliver(id), qq.redeliver(id, { id: "other" })]).toEqual([id, "other"]);
    const frames = [await peer.next(), await peer.next(), await peer.next()];
    expect(frames.map(({ s, d }) => [s, (d as { id: string }).id])).toEqual([[2, id], [3, id], [4, "other"]]);
    expect(new Set(frames.map((frame) => frame.id)).size).toBe(3);
    expect(() => qq.redeliver("nobody")).toThrow(RangeError);
  });
});

describe("notices", () => {
  it.each([
    ["FRIEND_ADD", "USER_1", { openid: "USER_1" }], ["FRIEND_DEL", "USER_1", { openid: "USER_1" }],
    ["C2C_MSG_REJECT", "USER_1", { openid: "USER_1" }], ["C2C_MSG_RECEIVE", "USER_1", { openid: "USER_1" }],
    ["GROUP_ADD_ROBOT", { group: "G" }, { group_openid: "G" }], ["GROUP_DEL_ROBOT", { group: "G" }, { group_openid: "G" }],
    ["GROUP_MSG_REJECT", { group: "G" }, { group_openid: "G" }], ["GROUP_MSG_RECEIVE", { group: "G" }, { group_openid: "G" }],
  ] as const)("tell %s of %o", async (notice, where, fields) => {
    const sandbox = await openSandbox();
    const peer = await connectPeer(sandbox);
    const id = sandbox.qq.notify(notice, where);
    expect(await peer.next()).toMatchObject({ t: notice, id, d: { timestamp: expect.any(Number) as number, ...fields } });
    expect(() => sandbox.qq.notify(notice, typeof where === "string" ? { group: "G" } : "USER_1")).toThrow(TypeError);
  });
});

describe("a user's file", () => {
  it("is there for an hour for who has the link, and wants no token", async () => {
    const clock = handClock();
    const sandbox = await openSandbox({ now: clock.now });
    const { d } = await heard(sandbox, { attachments: [{ kind: "image", bytes: BYTES }] });
    const { url } = (d["attachments"] as { url: string }[])[0] ?? { url: "" };
    const found = await fetch(url);
    expect([found.status, found.headers.get("content-type"), new Uint8Array(await found.arrayBuffer())]).toEqual([200, "image/png", BYTES]);
    expect((await fetch(`${url}x`)).status).toBe(400);
    expect((await fetch(url, { headers: { authorization: "QQBot t" } })).status).toBe(400);
    clock.advance(3_600_000);
    expect((await fetch(url)).status).toBe(400);
  });
});
