import { describe, expect, it } from "vitest";
import { openQq, PATHS, until } from "./qq-house.ts";

const USER = { conversationId: "user:user-1" } as const;
const HOUR_MS = 3_600_000;

/** A house in which the platform takes any number of messages unasked. */
async function openGenerous() {
  const house = await openQq();
  house.qq.behave({ proactivePerSecond: 10_000, proactivePerMinute: 10_000, proactivePerMinuteAndTarget: 10_000, proactivePerDayAndTarget: 10_000 });
  house.qq.meet("user-1");
  return house;
}

describe("the access token", () => {
  it("is asked for with app id and secret, and stands before every call and in the Identify (QQ-16)", async () => {
    const { qq, calls, listening } = await openGenerous();
    const { channel } = await listening();
    await channel.send({ target: USER, text: "hello" });
    const [asked] = calls(PATHS.token);
    expect(JSON.parse(asked?.body.text ?? "")).toEqual({ appId: qq.appId, clientSecret: qq.appSecret });
    const { access_token: token } = JSON.parse(asked?.answer?.body.text ?? "") as { access_token: string };
    for (const path of [PATHS.gatewayBot, "/v2/users/user-1/messages"]) expect(calls(path)).toMatchObject([{ headers: { authorization: `QQBot ${token}` } }]);
    expect(qq.logins).toMatchObject([{ kind: "identify", outcome: "ready", token: `QQBot ${token}` }]);
    expect(calls(PATHS.token)).toHaveLength(1);
  });

  it.each<[string, Parameters<Awaited<ReturnType<typeof openQq>>["qq"]["behave"]>[0]]>([
    ["in digits", { expiresInAs: "string" }],
    ["as a number", { expiresInAs: "number" }],
    ["nowhere", { expiresInAs: "missing" }],
    ["as 0", { expiresIn: 0 }],
    ["as a negative number", { expiresIn: -5 }],
    ["as no number", { expiresIn: "abc" }],
    ["as more than any number", { expiresIn: "1e999" }],
  ])("is used where its life is told %s, and asked for no more than once in 30 s", async (_title, switches) => {
    const { qq, calls, open, pass } = await openGenerous();
    qq.behave(switches);
    const channel = open();
    for (let n = 0; n < 60; n += 1) {
      await channel.send({ target: USER, text: `second ${n}` });
      await pass(1_000);
    }
    expect(qq.sent).toHaveLength(60);
    expect(calls(PATHS.token).length).toBeLessThanOrEqual(3);
  });

  it.each([
    ["gets a new one in the last minute", 60_000],
    ["gets the old one to the last moment", 0],
  ])("is renewed half a minute before its end, without a storm, where that %s", async (_title, renewWithinMs) => {
    const { qq, calls, open, pass, timesOf } = await openGenerous();
    qq.behave({ renewWithinMs });
    const channel = open();
    await channel.send({ target: USER, text: "first" });
    await pass(2 * HOUR_MS - 31_000);
    expect(calls(PATHS.token)).toHaveLength(1);
    for (let n = 0; n < 40; n += 1) {
      await channel.send({ target: USER, text: `second ${n}` });
      await pass(1_000);
    }
    expect(qq.sent).toHaveLength(41);
    expect(timesOf(PATHS.token).length).toBeGreaterThan(1);
    expect(timesOf(PATHS.token).length).toBeLessThan(12);
    expect(calls("/v2/users/user-1/messages").filter(({ answer }) => answer?.status !== 200).length).toBeLessThanOrEqual(1);
  });

  it("that is over is asked for once by twenty sends at the same time", async () => {
    const { qq, calls, open, pass, during } = await openGenerous();
    const channel = open();
    await channel.send({ target: USER, text: "first" });
    await pass(2 * HOUR_MS);
    for (let n = 0; n < 20; n += 1) qq.meet(`user-${n}`);
    await during(Promise.all(Array.from({ length: 20 }, (_, n) => channel.send({ target: { conversationId: `user:user-${n}` }, text: "again" }))));
    expect(qq.sent).toHaveLength(21);
    expect(calls(PATHS.token)).toHaveLength(2);
  });

  it("that the platform took back is replaced, and the message arrives once", async () => {
    const { qq, calls, open } = await openGenerous();
    const channel = open();
    await channel.send({ target: USER, text: "first" });
    qq.revokeTokens();
    await channel.send({ target: USER, text: "second" });
    expect(qq.sent.map(({ text }) => text)).toEqual(["first", "second"]);
    expect(calls(PATHS.token)).toHaveLength(2);
  });

  it.each([11244, 11242, 11243, 11252, 11263, 11281])("that is refused again with %i when it is fresh makes the send fail, without a loop", async (code) => {
    const { qq, calls, open, failureOf } = await openGenerous();
    qq.refuse({ code, call: "messages" }, 100);
    expect(await failureOf(open().send({ target: USER, text: "hello" }))).toMatchObject({ code: "auth", platformCode: String(code) });
    expect(calls("/v2/users/user-1/messages")).toHaveLength(2);
    expect(calls(PATHS.token)).toHaveLength(2);
  });

  it("is good whatever the machine's clock says: an hour on, an hour back", async () => {
    const { qq, open, skew, pass } = await openGenerous();
    const channel = open();
    for (const ms of [0, HOUR_MS, -2 * HOUR_MS]) {
      skew(ms);
      await channel.send({ target: USER, text: `skewed by ${ms}` });
      await pass(HOUR_MS);
    }
    await channel.send({ target: USER, text: "hours later" });
    expect(qq.sent).toHaveLength(4);
  });
});

describe("a token that is not given", () => {
  it.each([100016, 100007, 10004])("because of %i is told once, nothing is hammered, and health is bad", async (code) => {
    const { qq, listen, logger, pass, calls } = await openQq();
    qq.refuse({ code, call: "token" }, 1_000);
    const { channel } = listen();
    await until(() => channel.status().state === "failed");
    await pass(600_000);
    expect(calls(PATHS.token).length).toBeLessThanOrEqual(11);
    expect(channel.status().state).toBe("failed");
    expect(channel.status().lastError).toContain(String(code));
    expect(logger.entries.filter(({ level }) => level === "error").length).toBeLessThanOrEqual(1);
    expect(await channel.checkHealth()).toMatchObject({ ok: false });
  });

  it("because of too many requests is asked for again after a minute", async () => {
    const { qq, listen, pass, timesOf } = await openQq();
    qq.refuse({ code: 100001, call: "token" });
    const { channel } = listen();
    await until(() => channel.status().state !== "connecting" && channel.status().state !== "idle");
    await pass(59_000);
    expect(timesOf(PATHS.token)).toEqual([0]);
    const connected = qq.nextConnection();
    await pass(2_000);
    await connected;
    expect(timesOf(PATHS.token)).toHaveLength(2);
  });

  it.each<[string, Parameters<Awaited<ReturnType<typeof openQq>>["sandbox"]["faults"]["add"]>[0]["fault"], RegExp]>([
    ["500", { kind: "answer", status: 500 }, /^QQ token request failed \(500 /],
    ["a page", { kind: "answer", status: 502, body: "<h1>Bad Gateway</h1>" }, /^QQ token request failed \(502 /],
    ["a page with status 200", { kind: "answer", body: "<html>sign in</html>" }, /./],
    ["a reset", { kind: "reset" }, /./],
    ["no token", { kind: "answer", body: '{"expires_in":"7200"}' }, /Missing access_token in QQ response/],
  ])("because of %s makes a send fail after a bounded number of tries (QQ-D08)", async (_title, fault, text) => {
    const { sandbox: { faults }, open, failureOf, calls } = await openGenerous();
    faults.add({ path: PATHS.token, times: "always", fault });
    const error = await failureOf(open().send({ target: USER, text: "hello" }));
    expect(error).toHaveProperty("isChannelError", true);
    expect(error).toHaveProperty("message", expect.stringMatching(text));
    expect(calls(PATHS.token).length).toBeLessThanOrEqual(5);
    expect(calls("/v2/users/user-1/messages")).toEqual([]);
  });
});

it("a send that waits for a token ends with its signal", async () => {
  const { sandbox: { faults }, open } = await openQq();
  const hanging = faults.add({ path: PATHS.token, fault: { kind: "hang" } });
  const abort = new AbortController();
  const sending = open().send({ target: USER, text: "hello" }, abort.signal);
  await hanging.struck;
  const reason = new RangeError("not needed any more");
  abort.abort(reason);
  await expect(sending).rejects.toBe(reason);
});
