import { inspect } from "node:util";
import { createContext, isChannelError } from "@revka/core";
import { createManualClock, recordingLogger } from "@revka/core/testing";
import { describe, expect, it } from "vitest";
import { createWecomApi } from "./api.ts";
import { answerOf, closedUrl, startWebhookServer, type Answer } from "./webhook-server.test-support.ts";
import type { WecomPayload } from "./wire.ts";

const KEY = "k&e=y/1+2 ü-0f1e2d3c";
const hello: WecomPayload = { msgtype: "text", text: { content: "hello" } };

function setUp(baseUrl: string) {
  const clock = createManualClock();
  const logger = recordingLogger();
  const context = createContext("wecom", { clock, logger, random: () => 0.5 });
  return { clock, logger, api: createWecomApi({ webhookKey: KEY, baseUrl }, context) };
}

/** Everything that a log or a debugger could show of `error`. */
function show(error: unknown): string {
  return inspect(error, { depth: 10, showHidden: true });
}

/** What `post` throws when the webhook answers like this, and how often it was called. */
async function failureOf(answer: Answer): Promise<{ error: unknown; calls: number }> {
  await using server = await startWebhookServer([answer]);
  const { api } = setUp(server.url);
  const error: unknown = await api.post(hello, { maxTries: 1 }).catch((thrown: unknown) => thrown);
  return { error, calls: server.requests.length };
}

describe("post", () => {
  it("posts JSON to the webhook with the encoded key (WECOM-12, WECOM-21, WECOM-37)", async () => {
    await using server = await startWebhookServer();
    await setUp(server.url).api.post(hello);
    expect(server.requests).toMatchObject([{ method: "POST", url: `/cgi-bin/webhook/send?key=${encodeURIComponent(KEY)}` }]);
    expect(server.requests[0]?.contentType).toContain("application/json");
    expect(server.bodies).toEqual(['{"msgtype":"text","text":{"content":"hello"}}']);
  });

  it("keeps a path prefix of the base URL (WECOM-38)", async () => {
    await using server = await startWebhookServer();
    await setUp(`${server.url}/wecom`).api.post(hello);
    expect(server.requests[0]?.url).toMatch(/^\/wecom\/cgi-bin\/webhook\/send\?key=/);
  });

  it.each<WecomPayload>([
    { msgtype: "text", text: { content: "deploy 41 finished", mentioned_list: ["li.si", "@all"], mentioned_mobile_list: ["13900000001"] } },
    { msgtype: "markdown", markdown: { content: "# Build <@li.si>" } },
    { msgtype: "markdown_v2", markdown_v2: { content: "| step | result |\n| :-- | --: |\n| lint | ok |" } },
    { msgtype: "image", image: { base64: "aGVsbG8=", md5: "5d41402abc4b2a76b9719d911017c592" } },
    { msgtype: "news", news: { articles: [{ title: "Weekly", description: "three items", url: "https://example.com/w" }] } },
    { msgtype: "file", file: { media_id: "3a8asd892asd8asd" } },
    { msgtype: "voice", voice: { media_id: "3a8asd892asd8asd" } },
    {
      msgtype: "template_card",
      template_card: {
        card_type: "text_notice",
        main_title: { title: "Disk alert" },
        sub_title_text: "host-7 at 93%",
        card_action: { type: 1, url: "https://example.com/d" },
      },
    },
  ])("posts a $msgtype as it is given (WECOM-39)", async (payload) => {
    await using server = await startWebhookServer();
    await setUp(server.url).api.post(payload);
    expect(JSON.parse(server.bodies[0] ?? "")).toEqual(payload);
  });

  it.each<[string, Answer, { code: string; message: RegExp }]>([
    ["errcode 93000", answerOf("answer-key-invalid.json"), { code: "auth", message: /^WeCom API error \(errcode=93000\): invalid webhook url, hint/ }],
    ["errcode 40058", answerOf("answer-too-long.json"), { code: "platform", message: /^WeCom API error \(errcode=40058\): markdown\.content exceed max length 4096/ }],
    ["no errcode", { body: "{}" }, { code: "unknown-outcome", message: /^WeCom API error \(errcode=-1\): unknown error$/ }],
    ["HTML", { body: "<html>hotel wifi</html>" }, { code: "unknown-outcome", message: /It said: <html>hotel wifi/ }],
    ["half an answer", { body: '{"errcode":0,"er' }, { code: "unknown-outcome", message: /It said: {"errcode":0,"er/ }],
    ["status 502", { status: 502, body: "bad luck" }, { code: "transient", message: /^WeCom webhook send failed \(502 Bad Gateway\): bad luck$/ }],
    ["errcode 0 with status 500", { status: 500, body: '{"errcode":0}' }, { code: "transient", message: /^WeCom webhook send failed \(500 / }],
    ["a reset after the request", "reset", { code: "unknown-outcome", message: /./ }],
  ])("fails on %s (WECOM-14, WECOM-23, WECOM-24)", async (_title, answer, { code, message }) => {
    const { error, calls } = await failureOf(answer);
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) as unknown });
    expect(calls).toBe(1);
  });

  it("stops retrying after an unknown outcome (WECOM-34)", async () => {
    await using server = await startWebhookServer(["reset"]);
    const { api, clock } = setUp(server.url);
    await expect(api.post(hello)).rejects.toMatchObject({ code: "unknown-outcome" });
    await clock.advance(600_000);
    expect(server.requests).toHaveLength(1);
  });

  it("delivers once after two rate limits (WECOM-33)", async () => {
    const limited = answerOf("answer-rate-limited.json");
    await using server = await startWebhookServer([limited, limited]);
    const { api, clock } = setUp(server.url);
    const posting = api.post(hello);
    for (const seen of [1, 2]) {
      await clock.untilPending(1);
      expect(server.requests).toHaveLength(seen);
      await clock.advance(61_000);
    }
    await posting;
    expect(server.requests).toHaveLength(3);
  });

  it.each([
    ["a host that refuses", async () => ({ baseUrl: await closedUrl() })],
    ["a proxy that refuses", async () => ({ baseUrl: "https://wecom.invalid", proxyUrl: new URL(await closedUrl()) })],
  ])("tries %s three times and hides the key (WECOM-28, WECOM-33)", async (_title, unreachable) => {
    const clock = createManualClock();
    const logger = recordingLogger();
    const api = createWecomApi({ webhookKey: KEY, ...(await unreachable()) }, createContext("wecom", { clock, logger, random: () => 0.5 }));
    const posting = api.post(hello).catch((thrown: unknown) => thrown);
    await clock.untilPending(1);
    await clock.advance(1000);
    await clock.untilPending(1);
    await clock.advance(2000);
    const error = await posting;
    expect(error).toMatchObject({ code: "transient" });
    expect(logger.entries.map(({ level }) => level)).toEqual(["warn", "warn"]);
    expect(show(error) + logger.text()).not.toContain("0f1e2d3c");
  });

  it("lets an abort through while the webhook is silent", async () => {
    await using server = await startWebhookServer(["hang"]);
    const abort = new AbortController();
    const posting = expect(setUp(server.url).api.post(hello, { signal: abort.signal })).rejects.toBe("enough");
    await server.untilRequests(1);
    abort.abort("enough");
    await posting;
  });

  it.each<[string, Answer]>([
    ["an error page that repeats the URL", { status: 404, body: `no route for /send?key=${encodeURIComponent(KEY)} (${KEY})` }],
    ["an errmsg that repeats the key", { body: JSON.stringify({ errcode: 93000, errmsg: `bad key ${KEY}` }) }],
    ["an unreadable answer", { body: `<html>${KEY}</html>` }],
    ["a lost answer", "reset"],
  ])("hides the key in the error of %s (WECOM-28)", async (_title, answer) => {
    const { error } = await failureOf(answer);
    expect(isChannelError(error)).toBe(true);
    expect(show(error)).not.toContain("0f1e2d3c");
  });

  it("hides the key in what it logs (WECOM-28)", async () => {
    await using server = await startWebhookServer([{ status: 503, body: `busy: ${KEY}` }]);
    const { api, clock, logger } = setUp(server.url);
    const posting = api.post(hello);
    await clock.untilPending(1);
    await clock.advance(1000);
    await posting;
    expect(logger.entries.map(({ level, message }) => [level, message])).toEqual([
      ["warn", "WeCom: nothing was delivered, trying again"],
      ["debug", "WeCom: message delivered"],
    ]);
    expect(logger.text()).not.toContain("0f1e2d3c");
  });
});

describe("upload", () => {
  const upload = { type: "file", bytes: Buffer.from("hello, world"), name: "报告.txt", mediaType: "text/plain" } as const;
  const uploaded = answerOf("answer-uploaded.json");

  it("uploads a form with one part named media and gives its id (WECOM-39)", async () => {
    await using server = await startWebhookServer([uploaded]);
    expect(await setUp(server.url).api.upload(upload)).toBe("3a8asd892asd8asd");
    const [request] = server.requests;
    expect(request?.url).toBe(`/cgi-bin/webhook/upload_media?key=${encodeURIComponent(KEY)}&type=file`);
    expect(request?.contentType).toMatch(/^multipart\/form-data; boundary=/);
    expect(request?.body.toString().split("\r\n").slice(1, -2)).toEqual([
      'Content-Disposition: form-data; name="media"; filename="报告.txt"',
      "Content-Type: text/plain",
      "",
      "hello, world",
    ]);
  });

  it("repeats an upload whose answer is lost, for nobody has seen it", async () => {
    await using server = await startWebhookServer(["reset", uploaded]);
    const { api, clock } = setUp(server.url);
    const uploading = api.upload(upload);
    await clock.untilPending(1);
    await clock.advance(1000);
    expect(await uploading).toBe("3a8asd892asd8asd");
  });

  it("does not take an answer without an id for a success", async () => {
    await using server = await startWebhookServer();
    await expect(setUp(server.url).api.upload(upload)).rejects.toMatchObject({ code: "protocol" });
  });
});

describe("createWecomApi", () => {
  it("refuses a URL without a key, and does not repeat it (WECOM-28)", () => {
    const webhookKey = "https://example.com/send?token=hidden";
    expect(() => createWecomApi({ webhookKey })).toThrow(TypeError);
    expect(() => createWecomApi({ webhookKey })).not.toThrow("hidden");
  });
});
