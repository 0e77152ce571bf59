import { describe, expect, it } from "vitest";
import { connectPeer, openCaller, payloadOf, postJson } from "../../testing/dingtalk-peer.ts";
import { handClock, openSandbox } from "../../testing/open-sandbox.ts";
import type { DingtalkContent } from "./content.ts";
import type { DingtalkSaying } from "./say.ts";
import type { Sandbox } from "../../sandbox.ts";

const BYTES = new Uint8Array([1, 2, 3]);
const CODE = expect.stringMatching(/^[0-9a-f]{32}$/) as string;

/** What a client reads of something that staff-1 says. */
async function heard(sandbox: Sandbox, content: string | DingtalkContent, saying?: DingtalkSaying): Promise<Record<string, unknown>> {
  const peer = await connectPeer(sandbox);
  sandbox.dingtalk.say("staff-1", content, saying);
  return payloadOf(await peer.next());
}

describe("say", () => {
  it("writes the envelope of a private message", async () => {
    const clock = handClock();
    const sandbox = await openSandbox({ now: clock.now });
    const payload = await heard(sandbox, "hello");
    expect(payload).toMatchObject({
      conversationId: expect.stringMatching(/^cid.+==$/) as string, conversationType: "1", msgtype: "text", createAt: clock.now(), isAdmin: false,
      senderId: expect.stringMatching(/^\$:LWCP_v1:\$/) as string, senderStaffId: "staff-1", senderNick: "staff-1", robotCode: sandbox.dingtalk.clientId,
      sessionWebhook: expect.stringMatching(/\/dingtalk\/robot\/sendBySession\?session=[0-9a-f]{32}$/) as string, sessionWebhookExpiredTime: clock.now() + 5_400_000,
    });
    for (const key of ["conversationTitle", "isInAtList", "atUsers", "content"]) expect(payload).not.toHaveProperty(key);
  });

  it("writes that of a group, with the space that a mention leaves", async () => {
    const payload = await heard(await openSandbox(), "hello", { group: "cidGRP==" });
    expect(payload).toMatchObject({ conversationId: "cidGRP==", conversationType: "2", isInAtList: true, atUsers: [{ dingtalkId: payload["chatbotUserId"] }], text: { content: " hello" } });
  });

  it("brings nothing from a group when the robot is not mentioned", async () => {
    const { dingtalk } = await openSandbox();
    expect(dingtalk.say("staff-1", "among us", { group: "cidGRP==", mention: false })).toMatch(/^msg/);
    expect(dingtalk.deliveries).toEqual([]);
  });

  it.each<readonly [content: DingtalkContent, fields: object]>([
    [{ msgtype: "richText", segments: [{ text: "see" }, { picture: BYTES }, { type: "at", atName: "x" }] }, { richText: [{ text: "see" }, { type: "picture", downloadCode: CODE, pictureDownloadCode: expect.any(String) as string }, { type: "at", atName: "x" }] }],
    [{ msgtype: "picture", bytes: BYTES }, { downloadCode: CODE }],
    [{ msgtype: "audio", bytes: BYTES, recognition: "restart the build", durationMs: 4_000 }, { downloadCode: CODE, recognition: "restart the build", duration: 4_000 }],
    [{ msgtype: "video", bytes: BYTES, duration: "5" }, { downloadCode: CODE, videoType: "mp4", duration: "5" }],
    [{ msgtype: "file", bytes: BYTES, fileName: "plan.pdf" }, { downloadCode: CODE, fileName: "plan.pdf" }],
    [{ msgtype: "other", as: "chatRecord", content: { title: "t" } }, { title: "t" }],
  ])("writes %o", async (content, fields) => {
    const payload = await heard(await openSandbox(), content);
    expect(payload).toMatchObject({ msgtype: content.msgtype === "other" ? content.as : content.msgtype, content: fields });
    expect(payload).not.toHaveProperty("text");
  });

  it.each(["audio", "video", "file"] as const)("has no %s in groups", async (msgtype) => {
    const { dingtalk } = await openSandbox();
    expect(() => dingtalk.say("staff-1", { msgtype, bytes: BYTES, fileName: "a" }, { group: "cidGRP==" })).toThrow(TypeError);
  });

  it("quotes a message, in text or in content", async () => {
    const sandbox = await openSandbox();
    const quote = { msgType: "text", content: { text: "before" }, msgId: "m-0" };
    expect(await heard(sandbox, "this?", { quote })).toMatchObject({ text: { content: "this?", isReplyMsg: true, repliedMsg: quote } });
    const peer = sandbox.dingtalk.connections[0];
    peer?.terminate();
    await peer?.closed;
    expect(await heard(sandbox, { msgtype: "picture", bytes: BYTES }, { quote })).toMatchObject({ content: { isReplyMsg: true, repliedMsg: quote } });
  });

  it("replaces fields, adds unknown ones and takes some away", async () => {
    const payload = await heard(await openSandbox(), "hello", { overrides: { senderStaffId: undefined, sessionWebhook: "file:///etc/passwd", unheardOf: 1 } });
    expect(payload).toMatchObject({ sessionWebhook: "file:///etc/passwd", unheardOf: 1 });
    expect(payload).not.toHaveProperty("senderStaffId");
  });

  it.each([
    ["number", { conversationType: 1, createAt: 1_790_000_000_000 }],
    ["string", { conversationType: "1", createAt: "1790000000000", sessionWebhookExpiredTime: "1790005400000" }],
  ] as const)("writes numbers as %s, and content as JSON, when switched to", async (numbersAs, fields) => {
    const sandbox = await openSandbox({ now: handClock().now });
    sandbox.dingtalk.behave({ numbersAs, contentAs: "json" });
    const payload = await heard(sandbox, { msgtype: "other", as: "chatRecord", content: { a: 1 } });
    expect(payload).toMatchObject({ ...fields, content: '{"a":1}' });
  });

  it.each([["errorCode", "errorMessage"], ["errCode", "errMsg"]] as const)("comes without content when the quota is spent, with %s", async (key, words) => {
    const sandbox = await openSandbox();
    sandbox.dingtalk.behave({ quota: 0, quotaKeys: key });
    const payload = await heard(sandbox, "hello");
    expect(payload).toMatchObject({ [key]: 20001, [words]: expect.stringContaining("暂停") as string, msgtype: "text" });
    expect(payload).not.toHaveProperty("text");
  });
});

describe("files", () => {
  it("are downloaded by code, then by a link that expires and wants no token", async () => {
    const clock = handClock();
    const sandbox = await openSandbox({ now: clock.now });
    const { downloadCode, pictureDownloadCode } = (await heard(sandbox, { msgtype: "picture", bytes: BYTES }))["content"] as Record<string, string>;
    const call = await openCaller(sandbox);
    const ask = (code: string | undefined, robotCode: string = sandbox.dingtalk.clientId): ReturnType<typeof call> => call("/robot/messageFiles/download", { downloadCode: code, robotCode });
    const url = String((await ask(downloadCode)).json["downloadUrl"]);
    expect(url).toMatch(/\.file\?Expires=\d+/);
    expect(new Uint8Array(await (await fetch(url)).arrayBuffer())).toEqual(BYTES);
    expect((await fetch(url, { headers: { "x-acs-dingtalk-access-token": "t" } })).status).toBe(403);
    expect(await ask(pictureDownloadCode)).toMatchObject({ status: 500 });
    expect(await ask("unknown")).toMatchObject({ status: 400, json: { code: "invalidParameter.robotCode.downloadCode" } });
    expect(await ask(downloadCode, "other")).toMatchObject({ status: 400, json: { code: "invalidParameter.robotCode.auth" } });
    clock.advance(3_600_000);
    expect((await fetch(url)).status).toBe(403);
  });

  it.each<readonly [type: string, name: string, bytes: number, errcode: number]>([
    ["image", "a.png", 1, 0], ["image", "a.txt", 1, 40004], ["voice", "a.mp3", 2_097_152, 0], ["voice", "a.mp3", 2_097_153, 40006],
    ["video", "a.mp4", 1, 0], ["file", "a.pdf", 0, 40006], ["thing", "a.pdf", 1, 40004],
  ])("are uploaded as %s %s of %i bytes with errcode %i", async (type, name, bytes, errcode) => {
    const sandbox = await openSandbox();
    const { dingtalk } = sandbox;
    const { json } = await postJson(`${dingtalk.url}/v1.0/oauth2/accessToken`, { appKey: dingtalk.clientId, appSecret: dingtalk.clientSecret });
    const upload = async (token: string): Promise<Record<string, unknown>> => {
      const form = new FormData();
      form.set("media", new File([new Uint8Array(bytes)], name));
      return (await (await fetch(`${dingtalk.url}/media/upload?access_token=${token}&type=${type}`, { method: "POST", body: form })).json()) as Record<string, unknown>;
    };
    expect(await upload("wrong")).toMatchObject({ errcode: 40014 });
    const answer = await upload(String(json["accessToken"]));
    expect(answer).toMatchObject({ errcode });
    expect(dingtalk.uploads.map(({ mediaId }) => mediaId)).toEqual(errcode === 0 ? [answer["media_id"]] : []);
  });
});
