import { createWecomApi } from "@revka/channel-wecom";
import { describe, expect, it } from "vitest";
import { openWecom } from "../support/wecom-house.ts";

describe("a text", () => {
  it("arrives as the one documented request and shows in the key's chat (WECOM-12, WECOM-13, WECOM-14, WECOM-21)", async () => {
    const { wecom, calls, say } = await openWecom();
    await say("deploy 41 finished");
    expect(calls()).toMatchObject([{
      method: "POST",
      path: "/cgi-bin/webhook/send",
      query: `?key=${wecom.key}`,
      headers: { "content-type": "application/json" },
      body: { text: '{"msgtype":"text","text":{"content":"deploy 41 finished"}}' },
      answer: { status: 200, body: { text: '{"errcode":0,"errmsg":"ok"}' } },
    }]);
    expect(wecom.sent(wecom.key)).toMatchObject([{ msgtype: "text", text: "deploy 41 finished" }]);
  });

  it("goes to the key's chat, whoever is addressed (WECOM-22)", async () => {
    const { channel, calls, texts } = await openWecom();
    await channel.send({ target: { conversationId: "li.si" }, text: "one" });
    await channel.send({ target: { conversationId: "" }, text: "one" });
    expect(texts()).toEqual(["one", "one"]);
    expect(calls()[0]?.body).toEqual(calls()[1]?.body);
  });

  it.each([[[]], [["*"]], [["li.si"]]])("is not blocked by allowedUsers %j (WECOM-10)", async (allowedUsers) => {
    const { say, texts } = await openWecom({ allowedUsers });
    await say("hello");
    expect(texts()).toEqual(["hello"]);
  });

  it.each(["", "   ", "\n\t\r\n"])("that is blank, %j, makes no request (WECOM-36)", async (text) => {
    const { calls, refusalOf } = await openWecom();
    expect(await refusalOf(text)).toBeInstanceOf(TypeError);
    expect(calls()).toEqual([]);
  });
});

describe("the key", () => {
  const key = "k&y=1 #ü+%41/?";

  it("reaches the webhook whatever characters it has (WECOM-37)", async () => {
    const { wecom, say } = await openWecom({ keys: [key, "another"] });
    await say("hello");
    expect(wecom.sent(key)).toHaveLength(1);
    expect(wecom.sent("another")).toEqual([]);
  });

  it("may come inside the whole webhook URL (WECOM-37)", async () => {
    const webhookKey = `https://qyapi.weixin.qq.com/cgi-bin/webhook/send?debug=1&key=${encodeURIComponent(key)}`;
    const { wecom, say } = await openWecom({ keys: [key], webhookKey });
    await say("hello");
    expect(wecom.sent(key)).toHaveLength(1);
  });
});

describe("a long text", () => {
  const rows = (lineEnd: string): string => Array.from({ length: 120 }, (_, row) => `row ${row}: 一行文字 ${"word. ".repeat(6)}`).join(lineEnd);

  it.each<[string, string, number]>([
    ["2048 bytes", "a".repeat(2048), 1],
    ["2049 bytes", "a".repeat(2049), 2],
    ["682 Chinese characters, 2046 bytes", "你".repeat(682), 1],
    ["683 Chinese characters, 2049 bytes", "你".repeat(683), 2],
    ["a Chinese character across the border", `${"a".repeat(2047)}你`, 2],
    ["an emoji across the border", `${"a".repeat(2045)}😀`, 2],
    ["5000 bytes without a space", "b".repeat(5000), 3],
    ["CRLF lines", rows("\r\n"), 4],
    ["lines", rows("\n"), 4],
  ])("of %s is taken whole by a webhook that refuses 2049 bytes (WECOM-30, WECOM-31)", async (_title, text, count) => {
    const { calls, say, texts } = await openWecom();
    await say(text);
    expect(texts().join("")).toBe(text);
    expect(texts()).toHaveLength(count);
    expect(calls()).toHaveLength(count);
    expect(texts().every((part) => Buffer.byteLength(part) <= 2048 && part.isWellFormed())).toBe(true);
  });

  it("stops at the part that is refused, and says how many were delivered (WECOM-31)", async () => {
    const { sandbox, calls, refusalOf, texts } = await openWecom();
    sandbox.faults.add({ skip: 1, fault: { kind: "answer", body: '{"errcode":40033,"errmsg":"illegal characters"}' } });
    expect(await refusalOf("c".repeat(5000))).toMatchObject({
      code: "platform",
      message: "WeCom API error (errcode=40033): illegal characters (1 of 3 parts delivered)",
      progress: { delivered: 1, total: 3 },
    });
    expect(texts()).toEqual(["c".repeat(2048)]);
    expect(calls()).toHaveLength(2);
  });

  it("keeps the order of its parts across the minutes that they need (WECOM-31, WECOM-32)", async () => {
    const { clock, say, texts, wecom } = await openWecom();
    const text = Array.from({ length: 25 * 32 }, (_, n) => `${n}`.padStart(63, ".")).join("\n");
    const sent = say(text);
    await clock.untilPending(1);
    expect(texts()).toHaveLength(20);
    await clock.advance(61_000);
    await sent;
    expect(texts().join("")).toBe(text);
    expect(wecom.sent().slice(20).every(({ at }) => at === clock.now())).toBe(true);
  });
});

describe("the rate", () => {
  it("lets 20 messages through in the first minute, the next 20 in the second, and one in the third (WECOM-32)", async () => {
    const { clock, calls, say, wecom } = await openWecom();
    const startedAt = clock.now();
    const sends = Array.from({ length: 41 }, (_, n) => say(`message ${n}`));
    for (const minute of [1, 2]) {
      await Promise.all(sends.slice(0, 20 * minute));
      await clock.untilPending(1);
      await clock.advance(60_999);
      expect(wecom.sent()).toHaveLength(20 * minute);
      await clock.advance(1);
    }
    await Promise.all(sends);
    const minutes = wecom.sent().map(({ at }) => (at - startedAt) / 61_000);
    expect(minutes).toEqual([...Array<number>(20).fill(0), ...Array<number>(20).fill(1), 2]);
    expect(calls().every(({ answer }) => answer?.body.text === '{"errcode":0,"errmsg":"ok"}')).toBe(true);
  });

  it("is one for sends, health checks and the platform's own calls (WECOM-32)", async () => {
    const { channel, clock, say, wecom } = await openWecom();
    await Promise.all(Array.from({ length: 18 }, () => say("hello")));
    await channel.checkHealth();
    await channel.api.post({ msgtype: "markdown", markdown: { content: "# Build" } });
    const late = say("the 21st");
    await clock.untilPending(1);
    expect(wecom.sent()).toHaveLength(20);
    await clock.advance(61_000);
    await late;
    expect(wecom.sent().at(-1)?.text).toBe("the 21st");
  });

  it("of another key is another's", async () => {
    const { clock, say, wecom } = await openWecom({ keys: ["k-1", "k-2"] });
    await Promise.all(Array.from({ length: 20 }, () => say("hello")));
    await createWecomApi({ webhookKey: "k-2", baseUrl: wecom.url }).post({ msgtype: "text", text: { content: "hello" } });
    expect(wecom.sent("k-2")).toHaveLength(1);
    expect(clock.pending).toBe(0);
  });
});
