import { describe, expect, it } from "vitest";
import { createSandboxClient } from "../../client.ts";
import { openSandbox } from "../../testing/open-sandbox.ts";
import { call, connectPeer, INTENTS, openCaller, type QqAnswer } from "../../testing/qq-peer.ts";
import type { Sandbox } from "../../sandbox.ts";

function command({ url }: Sandbox, path: string, body?: unknown): Promise<QqAnswer> {
  return call(`${url}/control/qq/${path}`, body);
}

describe("QQ from another process", () => {
  it("is spoken to and read as DingTalk is, in private and in groups", async () => {
    const sandbox = await openSandbox();
    const client = createSandboxClient(sandbox.url);
    const peer = await connectPeer(sandbox);
    const caller = await openCaller(sandbox);
    for (const [speaker, path] of [["USER_1", "/v2/users/USER_1"], [{ user: "USER_1", group: "G" }, "/v2/groups/G"]] as const) {
      const messageId = await client.say("qq", speaker, "hello");
      expect((await peer.nextMessage())["id"]).toBe(messageId);
      await caller(`${path}/messages`, { content: "hi", msg_id: messageId });
    }
    expect((await client.replies("qq", { user: "USER_1" })).replies).toMatchObject([{ seq: 1, user: "USER_1", text: "hi" }]);
    expect(await client.replies("qq", { group: "G" })).toMatchObject({ replies: [{ seq: 2, user: "", group: "G", text: "hi" }], cursor: 2 });
    expect((await client.replies("qq")).replies).toHaveLength(2);
  });

  it("tells how a gateway reaches it, and who speaks there", async () => {
    const sandbox = await openSandbox({ qq: { appId: "1", appSecret: "s" } });
    expect(sandbox.settingsFor("qq")).toEqual({ section: "qq", values: { app_id: "1", app_secret: "s", base_url: sandbox.qq.url } });
    const { platforms } = await createSandboxClient(sandbox.url).info();
    expect(platforms.find(({ name }) => name === "qq")?.scenes).toEqual([{ user: "USER_1" }, { user: "USER_2", group: "GROUP_1" }]);
  });

  it("waits for a client that is just connecting, and says so when none comes that wants messages", async () => {
    const sandbox = await openSandbox();
    await connectPeer(sandbox, { intents: 1 << 26 });
    expect(await command(sandbox, "say", { user: "USER_1", text: "hello", wait_ms: 1 })).toMatchObject({ status: 409, json: { error: expect.stringContaining("start the gateway first") as string } });
    const saying = command(sandbox, "say", { user: "USER_1", text: "hello" });
    const peer = await connectPeer(sandbox);
    expect((await saying).json["messageId"]).toBe((await peer.nextMessage())["id"]);
  });

  it.each<readonly [content: object, fields: object]>([
    [{ text: ["a", { face: "264", name: "x" }] }, { content: expect.stringContaining("faceType=1") as string }],
    [{ attachments: [{ kind: "voice", bytes: "AQID", transcript: "restart" }] }, { attachments: [{ content_type: "voice", asr_refer_text: "restart", size: 3 }] }],
    [{ text: "this?", quote: { text: "that" } }, { message_type: 103, msg_elements: [{ content: "that" }] }],
  ])("brings %o with bytes in base64", async (content, fields) => {
    const sandbox = await openSandbox();
    const peer = await connectPeer(sandbox);
    await command(sandbox, "say", { user: "USER_1", content });
    expect(await peer.nextMessage()).toMatchObject(fields);
  });

  it("shows connections, sessions, logins, uploads and media without their bytes", async () => {
    const sandbox = await openSandbox();
    const peer = await connectPeer(sandbox);
    const caller = await openCaller(sandbox);
    const { json } = await caller("/v2/users/USER_1/files", { file_type: 4, file_data: "AQID", file_name: "a.bin" });
    await caller("/v2/users/USER_1/messages", { msg_type: 7, media: { file_info: json["file_info"] } });
    expect((await command(sandbox, "connections")).json).toMatchObject({ connections: [{ id: peer.connection.id, state: "ready", session: peer.session }] });
    expect((await command(sandbox, "sessions")).json).toMatchObject({ sessions: [{ id: peer.session, s: 1, intents: INTENTS }] });
    expect((await command(sandbox, "logins?wait_ms=60000")).json).toMatchObject({ logins: [{ kind: "identify", outcome: "ready" }], cursor: 1 });
    expect((await command(sandbox, "uploads")).json).toMatchObject({ uploads: [{ name: "a.bin", size: 3 }] });
    expect((await command(sandbox, "replies")).json).toMatchObject({ replies: [{ kind: "media", media: { name: "a.bin", size: 3 } }] });
  });

  it("brings messages again, tells events and notices", async () => {
    const sandbox = await openSandbox();
    const peer = await connectPeer(sandbox);
    const { messageId } = (await command(sandbox, "say", { user: "USER_1", text: "hello" })).json;
    await command(sandbox, "redeliver", { messageId, id: "other" });
    await command(sandbox, "push", { t: "FRIEND_ADD", d: 7 });
    const { eventId } = (await command(sandbox, "notify", { notice: "GROUP_MSG_REJECT", group: "G" })).json;
    const frames = [await peer.next(), await peer.next(), await peer.next(), await peer.next()];
    expect(frames).toMatchObject([{ d: { id: messageId } }, { d: { id: "other" } }, { t: "FRIEND_ADD", d: 7 }, { t: "GROUP_MSG_REJECT", id: eventId }]);
    expect((await command(sandbox, "redeliver", { messageId: "nobody" })).status).toBe(409);
    for (const bad of [{ notice: "toString", user: "U" }, { notice: "FRIEND_ADD" }]) expect((await command(sandbox, "notify", bad)).status).toBe(400);
  });

  it.each<readonly [how: string | number, seen: number]>([[4914, 4914], ["terminated", 1006], ["reset", 1006]])("disconnects: %s", async (how, code) => {
    const sandbox = await openSandbox();
    const peer = await connectPeer(sandbox);
    await command(sandbox, "disconnect", { how });
    expect(await peer.closeCode()).toBe(code);
  });

  it("asks to reconnect, calls sessions invalid, and falls silent", async () => {
    const sandbox = await openSandbox();
    const peer = await connectPeer(sandbox);
    for (const how of ["told", "invalid", "silent"]) await command(sandbox, "disconnect", { how });
    expect([await peer.next(), await peer.next()]).toEqual([{ op: 7 }, { op: 9, d: false }]);
    expect((await command(sandbox, "disconnect", { how: 999 })).status).toBe(400);
  });

  it("refuses, behaves, spoils and changes its secret as told", async () => {
    const sandbox = await openSandbox();
    const peer = await connectPeer(sandbox);
    const caller = await openCaller(sandbox);
    await command(sandbox, "refuse", { refusal: 40034105 });
    expect((await caller("/v2/users/USER_1/messages", { content: "hi" })).json["code"]).toBe(40034105);
    expect((await command(sandbox, "behave", { grantsMarkdown: false })).json).toMatchObject({ grantsMarkdown: false, privateReplies: 4 });
    expect((await command(sandbox, "behave", { unheardOf: 1 })).status).toBe(400);
    expect(() => sandbox.qq.behave({ privateReplies: -1 })).toThrow(TypeError);
    for (const what of ["sessions", "uploads", "starts", "tokens"]) expect((await command(sandbox, "expire", { what })).status).toBe(200);
    expect((await caller("/gateway")).status).toBe(401);
    await command(sandbox, "secret", { secret: "rotated" });
    expect(sandbox.qq.appSecret).toBe("rotated");
    expect(peer.connection.state).toBe("ready");
  });
});
