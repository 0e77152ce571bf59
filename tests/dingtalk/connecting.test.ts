import type { DingtalkConnection, Fault } from "@revka/sandbox";
import { describe, expect, it } from "vitest";
import { openDingtalk, PATHS, until } from "./dingtalk-house.ts";

/** When attempts are made that all fail, in ms, without jitter. */
const BACKOFF = [0, 1_000, 3_000, 7_000, 15_000, 31_000, 63_000, 123_000, 183_000] as const;

describe("registering", () => {
  it("asks for robot messages alone and opens the WebSocket with the ticket (DT-12)", async () => {
    const { dingtalk, calls, listening } = await openDingtalk();
    const { connection, channel } = await listening();
    expect(connection.subscriptions).toEqual([{ type: "CALLBACK", topic: "/v1.0/im/bot/messages/get" }]);
    expect(connection.ua).toMatch(/^revka-channels-node\/\d/);
    const [registration] = calls(PATHS.register);
    expect(registration).toMatchObject({ headers: { accept: "application/json", "content-type": "application/json" } });
    expect(JSON.parse(registration?.body.text ?? "")).toMatchObject({ clientId: dingtalk.clientId, clientSecret: dingtalk.clientSecret });
    expect(calls(PATHS.connect)).toMatchObject([{ query: `?ticket=${connection.ticket}` }]);
    expect(channel.status()).toMatchObject({ state: "connected", reconnects: 0 });
  });

  it("with refused credentials says so with code and request id, tries again each minute and comes back by itself (DT-12)", async () => {
    const { dingtalk, logger, listen, pass, sandbox: { record }, timesOf } = await openDingtalk();
    const { clientSecret } = dingtalk;
    dingtalk.acceptSecret("another secret");
    const { channel } = listen();
    const refused = await record.next(({ answer }) => answer?.status === 401);
    await pass(119_000);
    expect(timesOf(PATHS.register)).toEqual([0, 60_000]);
    expect(channel.status().state).toBe("failed");
    expect(await channel.checkHealth()).toMatchObject({ ok: false });
    const requestId = refused.answer?.headers["x-acs-dingtalk-request-id"];
    expect(requestId).toMatch(/^[\dA-F-]{36}$/);
    const errors = logger.entries.filter(({ level }) => level === "error").map(({ fields }) => String(fields["reason"]));
    expect(errors).toHaveLength(1);
    expect(errors[0]).toContain("authFailed");
    expect(errors[0]).toContain(requestId);

    dingtalk.acceptSecret(clientSecret);
    await pass(1_000);
    await until(() => channel.status().state === "connected");
    expect(channel.status()).not.toHaveProperty("lastError");
  });

  it.each<[string, Fault]>([
    ["a proxy's error page", { kind: "answer", status: 400, headers: { "content-type": "text/html" }, body: "<center>The plain HTTP request was sent to HTTPS port</center>" }],
    ["502", { kind: "answer", status: 502, body: "<h1>Bad Gateway</h1>" }],
    ["503", { kind: "answer", status: 503 }],
    ["a reset connection", { kind: "reset" }],
    ["no ticket", { kind: "answer", body: '{"endpoint":"ws://127.0.0.1:1/connect"}' }],
    ["an empty endpoint", { kind: "answer", body: '{"endpoint":"","ticket":"t-1"}' }],
    ["an endpoint without TLS somewhere else", { kind: "answer", body: '{"endpoint":"ws://wss.example/connect","ticket":"t-1"}' }],
    ["XML", { kind: "answer", headers: { "content-type": "application/xml" }, body: "<result><ticket>t-1</ticket></result>" }],
    ["a page with status 200", { kind: "answer", body: "<html>slow down</html>" }],
  ])("backs off from 1 s to 60 s after %s, one attempt at a time", async (_title, fault) => {
    const { sandbox: { faults }, calls, listen, pass, timesOf } = await openDingtalk();
    const rule = faults.add({ path: PATHS.register, times: "always", fault });
    const { channel } = listen();
    await rule.struck;
    await pass(200_000);
    expect(timesOf(PATHS.register)).toEqual(BACKOFF);
    expect(calls(PATHS.register).every(({ inFlight }) => inFlight === 1)).toBe(true);
    expect(channel.status().state).toBe("backoff");
  });

  it("keeps trying while nothing listens at all, and connects when something does", async () => {
    const { sandbox, dingtalk, listen, pass } = await openDingtalk();
    await sandbox.pause();
    const { channel, next } = listen();
    await pass(200_000);
    expect(channel.status().state).toBe("backoff");
    await sandbox.resume();
    const connected = dingtalk.nextConnection();
    await pass(60_000);
    await connected;
    dingtalk.say("staff-1", "at last");
    await next();
  });

  it("waits out the punishment of its IP address", async () => {
    const { sandbox: { faults }, listen, pass, timesOf } = await openDingtalk();
    const punished = faults.add({ path: PATHS.register, fault: { kind: "answer", body: '{"status":1111,"wait":5,"source":"x5","punish":"deny","uuid":"u-1"}' } });
    listen();
    await punished.struck;
    await pass(61_000);
    expect(timesOf(PATHS.register)).toEqual([0, 60_000]);
  });

  it("gives up a registration that hangs, as well as a handshake, after ten seconds", async () => {
    await Promise.all([PATHS.register, PATHS.connect].map(async (path) => {
      const { sandbox: { faults }, dingtalk, listen, clock, pass } = await openDingtalk();
      faults.add({ path, fault: { kind: "hang" } });
      const { channel } = listen();
      await clock.untilPending(1);
      expect(channel.status().state).toBe("backoff");
      expect(channel.status().lastError).toContain("10000 ms");
      const connected = dingtalk.nextConnection();
      await pass(1_000);
      await connected;
    }));
  }, 20_000);
});

describe("the ticket", () => {
  it("is never used twice, whatever the handshake says", async () => {
    const { dingtalk, calls, listen, pass } = await openDingtalk();
    dingtalk.behave({ ticketLifeMs: 0 });
    listen();
    await pass(10_000);
    dingtalk.behave({ ticketLifeMs: 90_000 });
    const connected = dingtalk.nextConnection();
    await pass(10_000);
    await connected;
    const handshakes = calls(PATHS.connect);
    expect(handshakes.map(({ answer }) => answer?.status)).toEqual([401, 401, 401, 401, 101]);
    expect(new Set(handshakes.map(({ query }) => query)).size).toBe(5);
    expect(calls(PATHS.register)).toHaveLength(5);
  });

  it.each<[string, Fault]>([
    ["400", { kind: "answer", status: 400 }],
    ["a page", { kind: "answer", body: "<html>sign in</html>" }],
    ["a reset", { kind: "reset" }],
  ])("is fetched anew after a handshake that ended with %s", async (_title, fault) => {
    const { sandbox: { faults }, dingtalk, calls, listen, pass } = await openDingtalk();
    const failed = faults.add({ path: PATHS.connect, fault });
    const { channel } = listen();
    await failed.struck;
    const connected = dingtalk.nextConnection();
    await pass(1_000);
    await connected;
    expect(new Set(calls(PATHS.connect).map(({ query }) => query)).size).toBe(2);
    expect(calls(PATHS.register)).toHaveLength(2);
    await until(() => channel.status().state === "connected");
  });
});

describe("a connection that ends", () => {
  it.each<[string, (connection: DingtalkConnection) => void]>([
    ["with 1000", (connection) => connection.close(1000)],
    ["with 1001", (connection) => connection.close(1001)],
    ["with 1011", (connection) => connection.close(1011, "internal error")],
    ["by a reset", (connection) => connection.reset()],
  ])("%s is replaced by exactly one, a second later", async (_title, end) => {
    const { dingtalk, listening, pass, timesOf } = await openDingtalk();
    const { channel, connection, next } = await listening();
    end(connection);
    await connection.closed;
    await pass(999);
    expect(timesOf(PATHS.register)).toEqual([0]);
    const connected = dingtalk.nextConnection();
    await pass(1);
    const successor = await connected;
    await pass(60_000);
    expect(timesOf(PATHS.register)).toHaveLength(2);
    expect(dingtalk.connections).toEqual([successor]);
    expect(channel.status()).toMatchObject({ state: "connected", reconnects: 1 });
    dingtalk.say("staff-1", "still there?");
    expect((await next()).id).not.toBe("");
  });

  it("soon after it began backs off further each time, until one has lasted for a minute", async () => {
    const { dingtalk, listening, pass, timesOf } = await openDingtalk();
    let { connection } = await listening();
    for (const waitMs of [1_000, 2_000, 4_000]) {
      connection.reset();
      await connection.closed;
      const connected = dingtalk.nextConnection();
      await pass(waitMs);
      connection = await connected;
    }
    expect(timesOf(PATHS.register)).toEqual([0, 1_000, 3_000, 7_000]);
    await pass(60_000);
    connection.reset();
    await connection.closed;
    const connected = dingtalk.nextConnection();
    await pass(1_000);
    await connected;
    expect(timesOf(PATHS.register).at(-1)).toBe(68_000);
  });

  it("leaves no socket behind, however often that happens", async () => {
    const { dingtalk, listening, pass, timesOf } = await openDingtalk();
    let { connection } = await listening();
    for (let round = 1; round <= 20; round += 1) {
      connection.reset();
      await connection.closed;
      const connected = dingtalk.nextConnection();
      await pass(61_000);
      connection = await connected;
    }
    expect(dingtalk.connections).toEqual([connection]);
    expect(timesOf(PATHS.register)).toHaveLength(21);
  });
});

describe("an abort", () => {
  it.each([["a registration", PATHS.register], ["a handshake", PATHS.connect]])("during %s ends at once, and nothing follows", async (_title, path) => {
    const { sandbox: { faults, record }, dingtalk, listen, pass } = await openDingtalk();
    const hanging = faults.add({ path, times: "always", fault: { kind: "hang" } });
    const { channel, stop } = listen();
    await until(() => hanging.hits > 0);
    await stop();
    const seen = record.entries.length;
    hanging.release();
    await pass(200_000);
    expect(channel.status().state).toBe("stopped");
    expect(record.entries.length).toBe(seen);
    expect(dingtalk.connections).toEqual([]);
  });

  it("during a back-off ends at once, and nothing follows", async () => {
    const { sandbox: { faults, record }, clock, listen, pass } = await openDingtalk();
    const failed = faults.add({ path: PATHS.register, times: "always", fault: { kind: "answer", status: 503 } });
    const { channel, stop } = listen();
    await failed.struck;
    await clock.untilPending(1);
    await stop();
    await pass(200_000);
    expect(channel.status().state).toBe("stopped");
    expect(record.entries).toHaveLength(1);
    expect(clock.pending).toBe(0);
  });

  it("of a connection closes it with 1000 and leaves no timer", async () => {
    const { clock, listening } = await openDingtalk();
    const { connection, stop } = await listening();
    await stop();
    expect(await connection.closed).toMatchObject({ code: 1000 });
    expect(clock.pending).toBe(0);
  });
});
