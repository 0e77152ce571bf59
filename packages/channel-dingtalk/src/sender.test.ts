import { describe, expect, it } from "vitest";
import { callback, groupMessage, listenToPlatform, robotMessage, SENT_AT, type Listening, type ListenOptions } from "./listening.test-support.ts";
import { PATHS, type TestAnswer } from "./platform.test-support.ts";

const NO_WEBHOOK = "No session webhook found for chat staff-1. The user must send a message first to establish a session.";
const TO_STAFF = { target: { conversationId: "staff-1" }, text: "hi" } as const;
const refusal = (errcode: unknown, errmsg = "no"): TestAnswer => ({ body: { errcode, errmsg } });

/** A channel that `message` was said to. */
async function spokenTo(message: (webhook: string) => unknown, options?: ListenOptions): Promise<Listening> {
  const listening = await listenToPlatform(options);
  const socket = await listening.connected();
  socket.send(callback(message(listening.platform.webhook())));
  await listening.next();
  return listening;
}

const spokenToInPrivate = (options?: ListenOptions): Promise<Listening> => spokenTo((sessionWebhook) => robotMessage({ sessionWebhook }), options);

describe("createSender", () => {
  it("says in the specification's words that nobody wrote yet (DT-17, DT-18)", async () => {
    await using listening = await listenToPlatform();
    await expect(listening.channel.send(TO_STAFF)).rejects.toMatchObject({ code: "no-route", conversationId: "staff-1", message: NO_WEBHOOK });
  });

  it("says the same once the webhook is over, by the platform's clock alone (DT-18)", async () => {
    await using listening = await spokenTo((sessionWebhook) => robotMessage({ sessionWebhook, sessionWebhookExpiredTime: String(SENT_AT + 60_000) }));
    await listening.clock.advance(59_999);
    await listening.channel.send(TO_STAFF);
    await listening.clock.advance(1);
    await expect(listening.channel.send(TO_STAFF)).rejects.toThrow(NO_WEBHOOK);
  });

  it("says the same when the platform knows the session no more, and asks it no second time (DT-18)", async () => {
    await using listening = await spokenToInPrivate();
    listening.platform.answer(PATHS.webhook, refusal(300001, "session 不存在"));
    await expect(listening.channel.send(TO_STAFF)).rejects.toThrow(NO_WEBHOOK);
    await expect(listening.channel.send(TO_STAFF)).rejects.toThrow(NO_WEBHOOK);
    expect(listening.platform.bodies(PATHS.webhook)).toHaveLength(1);
  });

  it("never answers a person in a group, unless that is wished for (DT-15)", async () => {
    const inGroup = (sessionWebhook: string): unknown => groupMessage({ sessionWebhook });
    await using discreet = await spokenTo(inGroup);
    await expect(discreet.channel.send(TO_STAFF)).rejects.toThrow(NO_WEBHOOK);
    await discreet.channel.send({ target: { conversationId: "cidGRP==" }, text: "to all" });
    await using open = await spokenTo(inGroup, { config: { senderFallbackToGroup: true } });
    await expect(open.channel.send(TO_STAFF)).resolves.toMatchObject({ route: "webhook" });
  });

  it.each([
    ["a number 0", 0],
    ["a text 0", "0"],
  ])("takes %s for success", async (_title, errcode) => {
    await using listening = await spokenToInPrivate();
    listening.platform.answer(PATHS.webhook, refusal(errcode));
    await expect(listening.channel.send(TO_STAFF)).resolves.toEqual({ messageIds: [], route: "webhook" });
  });

  it("sends a long text in order and stops at the first part that fails", async () => {
    await using listening = await spokenToInPrivate();
    const text = "line of text, 一行\n".repeat(1_000);
    const count = listening.channel.split(text).length;
    listening.platform.answer(PATHS.webhook, refusal(0), refusal(0), refusal(430104, "content rejected"));
    await expect(listening.channel.send({ ...TO_STAFF, text })).rejects.toMatchObject({ code: "platform", platformCode: "430104", progress: { delivered: 2, total: count } });
    const titles = listening.platform.bodies(PATHS.webhook).map((body) => (body as { markdown: { title: string } }).markdown.title);
    expect(titles).toEqual([`Revka (1/${count})`, `Revka (2/${count})`, `Revka (3/${count})`]);
  });

  it("tries again where nothing was delivered, three times, and waits longer each time", async () => {
    await using listening = await spokenToInPrivate();
    const { clock, channel, platform } = listening;
    platform.answer(PATHS.webhook, refusal(-1), { status: 503 }, { status: 502 }, refusal(0));
    const sending = channel.send(TO_STAFF);
    const before = clock.pending;
    for (const delayMs of [500, 1_000, 2_000]) {
      await clock.untilPending(before + 1);
      await clock.advance(delayMs);
    }
    await expect(sending).resolves.toMatchObject({ route: "webhook" });
    expect(platform.bodies(PATHS.webhook)).toHaveLength(4);
  });

  it.each<[string, TestAnswer]>([
    ["a lost answer", { isReset: true }],
    ["an answer that cannot be read", { body: "<html>ok</html>" }],
    ["a proxy's own timeout", { status: 504 }],
  ])("does not send again after %s", async (_title, answer) => {
    await using listening = await spokenToInPrivate();
    listening.platform.answer(PATHS.webhook, answer);
    await expect(listening.channel.send(TO_STAFF)).rejects.toMatchObject({ code: "unknown-outcome" });
    expect(listening.platform.bodies(PATHS.webhook)).toHaveLength(1);
  });

  it("keeps a webhook to 20 messages a minute", async () => {
    await using listening = await spokenToInPrivate();
    const { clock, channel, platform } = listening;
    for (let count = 0; count < 20; count += 1) await channel.send(TO_STAFF);
    const before = clock.pending;
    const late = channel.send(TO_STAFF);
    await clock.untilPending(before + 1);
    expect(platform.bodies(PATHS.webhook)).toHaveLength(20);
    await clock.advance(60_000);
    await late;
  });

  it("lets a webhook rest for a minute when it was too fast, for ten when it was so again", async () => {
    await using listening = await spokenToInPrivate();
    const { clock, channel, platform } = listening;
    platform.answer(PATHS.webhook, refusal(130101), refusal(410100));
    await expect(channel.send(TO_STAFF)).rejects.toMatchObject({ code: "rate-limit", retryAfterMs: 60_000 });
    await clock.advance(60_000);
    await expect(channel.send(TO_STAFF)).rejects.toMatchObject({ code: "rate-limit", retryAfterMs: 600_000 });
  });

  it("sends text as it is where that is asked for", async () => {
    await using listening = await spokenToInPrivate();
    await listening.channel.send({ ...TO_STAFF, text: "a\nb <c>", format: "text" });
    expect(listening.platform.bodies(PATHS.webhook)).toEqual([{ msgtype: "text", text: { content: "a\nb <c>" } }]);
  });

  it("sends nothing when it is aborted beforehand", async () => {
    await using listening = await spokenToInPrivate();
    const reason = new RangeError("not needed");
    await expect(listening.channel.send(TO_STAFF, AbortSignal.abort(reason))).rejects.toBe(reason);
    expect(listening.platform.bodies(PATHS.webhook)).toEqual([]);
  });
});

describe("createSender with the robot API", () => {
  const config = { proactiveSend: true };

  it.each([
    ["a person", { conversationId: "staff-9" }, PATHS.person, { userIds: ["staff-9"] }],
    ["a group by its kind", { conversationId: "ops", kind: "group" as const }, PATHS.group, { openConversationId: "ops" }],
    ["a group by its id", { conversationId: "cidX==" }, PATHS.group, { openConversationId: "cidX==" }],
  ])("writes first to %s", async (_title, target, path, recipient) => {
    await using listening = await listenToPlatform({ config });
    await expect(listening.channel.send({ target, text: "hi" })).resolves.toEqual({ messageIds: ["key-1"], route: "robot" });
    expect(listening.platform.bodies(path)).toEqual([{ robotCode: "ding-app-key", ...recipient, msgKey: "sampleMarkdown", msgParam: '{"title":"Revka","text":"hi"}' }]);
    expect(listening.platform.calls.at(-1)?.headers).toMatchObject({ "x-acs-dingtalk-access-token": "access-token-1" });
  });

  it("goes to the webhook while that is alive", async () => {
    await using listening = await spokenToInPrivate({ config });
    listening.platform.answer(PATHS.webhook, refusal(0), refusal(300001));
    await expect(listening.channel.send(TO_STAFF)).resolves.toMatchObject({ route: "webhook" });
    await expect(listening.channel.send(TO_STAFF)).resolves.toMatchObject({ route: "robot" });
  });

  it("gets one new token when the platform refuses the old one, and an AuthError after that", async () => {
    await using listening = await listenToPlatform({ config });
    const stale = { status: 400, body: { code: "InvalidAuthentication", message: "不合法的access_token" } };
    listening.platform.answer(PATHS.person, stale);
    await expect(listening.channel.send(TO_STAFF)).resolves.toMatchObject({ route: "robot" });
    expect(listening.platform.bodies(PATHS.token)).toHaveLength(2);
    listening.platform.answer(PATHS.person, stale, stale);
    await expect(listening.channel.send(TO_STAFF)).rejects.toMatchObject({ code: "auth", platformCode: "InvalidAuthentication" });
  });

  it.each([
    ["nobody of that id", { invalidStaffIdList: ["staff-1"] }, { code: "platform", platformCode: "staffId.notExisted" }],
    ["a person who gets too much", { flowControlledStaffIdList: ["staff-1"] }, { code: "rate-limit" }],
  ])("does not take %s for success", async (_title, body, error) => {
    await using listening = await listenToPlatform({ config });
    listening.platform.answer(PATHS.person, { body: { processQueryKey: "k", ...body } });
    await expect(listening.channel.send(TO_STAFF)).rejects.toMatchObject(error);
  });
});

describe("createSender with media", () => {
  const png = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0]);

  it("uploads a picture and shows it in markdown, after the text", async () => {
    await using listening = await spokenToInPrivate();
    await listening.channel.send({ ...TO_STAFF, media: { kind: "image", bytes: png, name: "a [1].png" } });
    const upload = listening.platform.calls.find(({ path }) => path === PATHS.upload);
    expect([upload?.query.get("type"), upload?.query.get("access_token")]).toEqual(["image", "access-token-1"]);
    expect(upload?.body).toContain('name="media"; filename="a [1].png"');
    expect(listening.platform.bodies(PATHS.webhook)).toMatchObject([{ markdown: { text: "hi" } }, { markdown: { text: "![a  1 .png](@media-1)" } }]);
  });

  it("uploads nothing that has nowhere to go", async () => {
    await using listening = await listenToPlatform();
    await expect(listening.channel.send({ ...TO_STAFF, text: "", media: { kind: "image", bytes: png } })).rejects.toThrow(NO_WEBHOOK);
    expect(listening.platform.calls.filter(({ path }) => path === PATHS.upload)).toEqual([]);
  });

  it("sends a file by the robot API alone", async () => {
    const media = { kind: "file", bytes: new Uint8Array([1]), name: "Plan.PDF" } as const;
    await using listening = await spokenToInPrivate();
    await expect(listening.channel.send({ ...TO_STAFF, media })).rejects.toThrow("proactive_send");
    await using proactive = await spokenToInPrivate({ config: { proactiveSend: true } });
    await proactive.channel.send({ ...TO_STAFF, text: "", media });
    expect(proactive.platform.bodies(PATHS.person)).toMatchObject([{ msgKey: "sampleFile", msgParam: '{"mediaId":"@media-1","fileName":"Plan.PDF","fileType":"pdf"}' }]);
  });
});
