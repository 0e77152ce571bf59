import { describe, expect, it } from "vitest";
import { handClock, openSandbox } from "../../testing/open-sandbox.ts";
import { postMessage } from "../../testing/wecom-peer.ts";

const TEXT = { msgtype: "text", text: { content: "hello" } };

describe("POST /cgi-bin/webhook/send", () => {
  it("keeps a text under its key and answers errcode 0 (WECOM-12, WECOM-14)", async () => {
    const sandbox = await openSandbox({ now: handClock(7_000).now, wecom: { keys: ["k-1", "k-2"] } });
    expect(await postMessage(sandbox, TEXT, "k-1")).toEqual({ errcode: 0, errmsg: "ok" });
    expect(sandbox.wecom.sent("k-1")).toEqual([{ seq: 1, key: "k-1", msgtype: "text", text: "hello", payload: { content: "hello" }, at: 7_000 }]);
    expect(sandbox.wecom.sent("k-2")).toEqual([]);
    expect(sandbox.wecom.sent()).toHaveLength(1);
  });

  it("ignores keys it does not know, and null in mention lists", async () => {
    const sandbox = await openSandbox();
    const message = { msgtype: "text", chatid: "x", text: { content: "hello", mentioned_list: ["li.si", null, "@all"], mentioned_mobile_list: null } };
    expect((await postMessage(sandbox, message)).errcode).toBe(0);
    expect(sandbox.wecom.sent()[0]?.payload["mentioned_list"]).toEqual(["li.si", null, "@all"]);
  });

  it("writes a refusal as the service does: reason, hint, address and link", async () => {
    const sandbox = await openSandbox({ now: handClock(1_790_000_000_000).now });
    const { errcode, errmsg } = await postMessage(sandbox, TEXT, "nobody");
    expect(errcode).toBe(93000);
    expect(errmsg).toMatch(
      /^invalid webhook url, hint: \[1790000000_1_[0-9a-f]+\], from ip: 127\.0\.0\.1, more info at https:\/\/open\.work\.weixin\.qq\.com\/devtool\/query\?e=93000$/,
    );
  });

  it("refuses unknown, removed and disabled keys, whatever the body", async () => {
    const sandbox = await openSandbox();
    const { key, keys } = sandbox.wecom;
    expect((await postMessage(sandbox, "{", "")).errcode).toBe(93000);
    keys.disable(key);
    expect((await postMessage(sandbox, "{")).errcode).toBe(93004);
    keys.remove(key);
    expect((await postMessage(sandbox, TEXT)).errcode).toBe(93000);
    keys.add(key);
    expect((await postMessage(sandbox, TEXT)).errcode).toBe(0);
  });

  it("warns of a body that is no JSON object", async () => {
    const sandbox = await openSandbox();
    for (const body of ["{", "", "[]", "null"]) {
      const { errcode, errmsg } = await postMessage(sandbox, body);
      expect(errcode).toBe(40008);
      expect(errmsg).toMatch(/^Warning: wrong json format\. /);
    }
  });

  it.each([["send", "GET"], ["send", "PUT"], ["upload_media", "GET"]])("refuses %s with %s by 405", async (path, method) => {
    const { wecom } = await openSandbox();
    expect((await fetch(`${wecom.url}/cgi-bin/webhook/${path}?key=${wecom.key}`, { method })).status).toBe(405);
  });

  it("answers 404 to another path", async () => {
    const { wecom } = await openSandbox();
    expect((await fetch(`${wecom.url}/webhook/send?key=${wecom.key}`, { method: "POST" })).status).toBe(404);
  });

  it("accepts 20 messages of a key in any 60 s and refuses the 21st with 45009", async () => {
    const { now, advance } = handClock();
    const sandbox = await openSandbox({ now, wecom: { keys: ["k-1", "k-2"] } });
    const post = async (key = "k-1"): Promise<number> => (await postMessage(sandbox, TEXT, key)).errcode;
    for (let count = 0; count < 20; count += 1) {
      expect(await post()).toBe(0);
      advance(1_000);
    }
    expect([await post(), await post("k-2")]).toEqual([45009, 0]);
    advance(40_000);
    expect([await post(), await post()]).toEqual([0, 45009]);
    expect(sandbox.wecom.sent("k-1")).toHaveLength(21);
  });

  it("does not count refused messages against the window", async () => {
    const sandbox = await openSandbox();
    sandbox.wecom.behave({ messagesPerMinute: 1 });
    expect((await postMessage(sandbox, { msgtype: "nothing" })).errcode).toBe(40008);
    expect((await postMessage(sandbox, TEXT)).errcode).toBe(0);
    expect((await postMessage(sandbox, TEXT)).errcode).toBe(45009);
  });

  it("answers with a code as often as it was told to, in order", async () => {
    const sandbox = await openSandbox();
    sandbox.wecom.refuse(45009, 2);
    sandbox.wecom.refuse(-1);
    const codes = [];
    for (let count = 0; count < 4; count += 1) codes.push((await postMessage(sandbox, TEXT)).errcode);
    expect(codes).toEqual([45009, 45009, -1, 0]);
    expect(() => sandbox.wecom.refuse(-1, 10_001)).toThrow(RangeError);
  });

  it("gives every message once to those who wait", async () => {
    const sandbox = await openSandbox();
    const wanted = [sandbox.wecom.nextMessage(), sandbox.wecom.nextMessage()];
    for (const content of ["a", "b"]) await postMessage(sandbox, { msgtype: "text", text: { content } });
    expect((await Promise.all(wanted)).map(({ text }) => text)).toEqual(["a", "b"]);
  });
});
