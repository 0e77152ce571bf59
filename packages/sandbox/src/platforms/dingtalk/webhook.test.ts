import { describe, expect, it } from "vitest";
import { connectPeer, openWebhook, postJson } from "../../testing/dingtalk-peer.ts";
import { handClock, openSandbox } from "../../testing/open-sandbox.ts";

const text = (content: string): object => ({ msgtype: "text", text: { content } });
const markdown = (words: string): object => ({ msgtype: "markdown", markdown: { title: "Revka", text: words } });
const card = { title: "T", text: "words" };

describe("a session webhook", () => {
  it.each<readonly [kind: string, message: object, seen: object]>([
    ["text", text("hi"), { title: "", text: "hi" }],
    ["markdown", markdown("# hi"), { title: "Revka", text: "# hi" }],
    ["link", { msgtype: "link", link: { ...card, messageUrl: "https://example.com" } }, { title: "T", text: "words" }],
    ["actionCard", { msgtype: "actionCard", actionCard: { ...card, singleTitle: "Go", singleURL: "https://example.com" } }, { text: "words" }],
    ["actionCard", { msgtype: "actionCard", actionCard: { ...card, btnOrientation: "1", btns: [{ title: "Go", actionURL: "https://example.com" }] } }, { text: "words" }],
    ["feedCard", { msgtype: "feedCard", feedCard: { links: [{ title: "T", messageURL: "https://example.com", picURL: "https://example.com/p.png" }] } }, { text: "" }],
  ])("takes %s", async (kind, message, seen) => {
    const sandbox = await openSandbox();
    const url = await openWebhook(sandbox, await connectPeer(sandbox));
    expect((await postJson(url, message)).json).toEqual({ errcode: 0, errmsg: "ok" });
    expect(await sandbox.dingtalk.nextReply("staff-1")).toMatchObject({ kind, ...seen, payload: message, mentioned: [] });
  });

  it.each<readonly [title: string, message: unknown, errcode: number]>([
    ["no JSON", "{", 40035],
    ["an unknown kind", { msgtype: "image", image: { picURL: "@m" } }, 400105],
    ["the kind for no reply", { msgtype: "empty" }, 400105],
    ["a text without words", text(""), 40035],
    ["markdown without a title", { msgtype: "markdown", markdown: { text: "hi" } }, 40035],
    ["a card without buttons", { msgtype: "actionCard", actionCard: { ...card, btns: [] } }, 40035],
    ["51 mentions", { ...text("@all"), at: { atUserIds: Array.from({ length: 51 }, () => "u") } }, 40035],
  ])("refuses %s", async (_title, message, errcode) => {
    const sandbox = await openSandbox();
    const url = await openWebhook(sandbox, await connectPeer(sandbox));
    const answer = await postJson(url, message);
    expect(answer).toMatchObject({ status: 200, json: { errcode } });
    expect(sandbox.dingtalk.sent).toEqual([]);
  });

  it("wants JSON to be declared as such", async () => {
    const sandbox = await openSandbox();
    const url = await openWebhook(sandbox, await connectPeer(sandbox));
    expect((await postJson(url, text("hi"), { "content-type": "text/plain" })).json).toMatchObject({ errcode: 43004 });
  });

  it("takes a body of 20,000 bytes and refuses one more", async () => {
    const sandbox = await openSandbox();
    const url = await openWebhook(sandbox, await connectPeer(sandbox));
    const room = 20_000 - Buffer.byteLength(JSON.stringify(text("界")));
    const longest = text(`界${"x".repeat(room)}`);
    expect((await postJson(url, longest)).json).toMatchObject({ errcode: 0 });
    expect(sandbox.dingtalk.sent[0]?.bytes).toBe(20_000);
    expect((await postJson(url, text(`界${"x".repeat(room + 1)}`))).json).toMatchObject({ errcode: 460101 });
  });

  it("refuses the 21st message within a minute", async () => {
    const clock = handClock();
    const sandbox = await openSandbox({ now: clock.now });
    const url = await openWebhook(sandbox, await connectPeer(sandbox));
    for (let count = 0; count < 20; count += 1) expect((await postJson(url, text("hi"))).json).toMatchObject({ errcode: 0 });
    expect((await postJson(url, text("hi"))).json).toMatchObject({ errcode: 130101, errmsg: "send too fast, exceed 20 times per minute" });
    clock.advance(60_000);
    expect((await postJson(url, text("hi"))).json).toMatchObject({ errcode: 0 });
  });

  it("highlights only whom the text names", async () => {
    const sandbox = await openSandbox();
    const url = await openWebhook(sandbox, await connectPeer(sandbox));
    await postJson(url, { ...markdown("@staff-1 look"), at: { atUserIds: ["staff-1", "staff-2"] } });
    expect(sandbox.dingtalk.sent[0]?.mentioned).toEqual(["staff-1"]);
  });

  it("is one per conversation, lives 90 minutes and longer with every message", async () => {
    const clock = handClock();
    const sandbox = await openSandbox({ now: clock.now });
    sandbox.dingtalk.behave({ pingPeriodMs: 0 });
    const peer = await connectPeer(sandbox);
    const url = await openWebhook(sandbox, peer);
    expect(await openWebhook(sandbox, peer, { group: "cidGRP==" })).not.toBe(url);
    clock.advance(5_399_999);
    expect(await openWebhook(sandbox, peer)).toBe(url);
    clock.advance(5_399_999);
    expect((await postJson(url, text("still there"))).json).toMatchObject({ errcode: 0 });
    clock.advance(1);
    expect((await postJson(url, text("too late"))).json).toEqual({ errcode: 300001, errmsg: "session 不存在" });
  });

  it("is another one each time, and short, when switched to", async () => {
    const clock = handClock();
    const sandbox = await openSandbox({ now: clock.now });
    const peer = await connectPeer(sandbox);
    sandbox.dingtalk.behave({ rotatesWebhooks: true, webhookLifeMs: 1_000 });
    const urls = [await openWebhook(sandbox, peer), await openWebhook(sandbox, peer)];
    expect(new Set(urls).size).toBe(2);
    for (const url of urls) expect((await postJson(url, text("hi"))).json).toMatchObject({ errcode: 0 });
    clock.advance(1_000);
    for (const url of urls) expect((await postJson(url, text("hi"))).json).toMatchObject({ errcode: 300001 });
  });

  it("ends on demand: in one place, or everywhere", async () => {
    const sandbox = await openSandbox();
    const peer = await connectPeer(sandbox);
    const [direct, group] = [await openWebhook(sandbox, peer), await openWebhook(sandbox, peer, { group: "cidGRP==" })];
    sandbox.dingtalk.expireWebhooks({ group: "cidGRP==" });
    expect((await postJson(group, text("hi"))).json).toMatchObject({ errcode: 300001 });
    expect((await postJson(direct, text("hi"))).json).toMatchObject({ errcode: 0 });
    sandbox.dingtalk.expireWebhooks();
    expect((await postJson(direct, text("hi"))).json).toMatchObject({ errcode: 300001 });
    expect((await postJson(`${sandbox.dingtalk.url}/robot/sendBySession`, text("hi"))).json).toMatchObject({ errcode: 300001 });
  });

  it("is refused with the codes that a test asks for, in order, and delivers nothing then", async () => {
    const sandbox = await openSandbox();
    const url = await openWebhook(sandbox, await connectPeer(sandbox));
    sandbox.dingtalk.refuse(-1, 2);
    sandbox.dingtalk.refuse(430102);
    const codes: unknown[] = [];
    for (let count = 0; count < 4; count += 1) codes.push((await postJson(url, text("hi"))).json["errcode"]);
    expect(codes).toEqual([-1, -1, 430102, 0]);
    expect(sandbox.dingtalk.sent).toHaveLength(1);
    expect(() => sandbox.dingtalk.refuse(-1, 10_001)).toThrow(RangeError);
  });

  it("can answer anything at all, by a fault", async () => {
    const sandbox = await openSandbox();
    const url = await openWebhook(sandbox, await connectPeer(sandbox));
    sandbox.faults.add({ path: "/robot/sendBySession", fault: { kind: "answer", at: "after-work", body: '{"errcode":"0","errmsg":"ok"}' } });
    expect((await postJson(url, text("hi"))).json).toEqual({ errcode: "0", errmsg: "ok" });
    expect(sandbox.dingtalk.sent).toHaveLength(1);
  });
});
