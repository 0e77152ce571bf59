import { TransientError, type AcceptResult, type Json } from "@revka/core";
import { describe, expect, it } from "vitest";
import { openQq, openTalk, PATHS, until } from "./qq-house.ts";

describe("a host that cannot keep a message", () => {
  it("is offered it again, first after a second, and then it goes on with those behind", async () => {
    const { qq, listening, clock, pass } = await openQq();
    const times: number[] = [];
    const { texts } = await listening({
      answer: () => {
        times.push(clock.monotonic());
        return times.length < 6 ? Promise.reject(new TransientError("the disk is full")) : Promise.resolve("accepted");
      },
    });
    qq.say("user-1", "first");
    qq.say("user-1", "second");
    await pass(60_000);
    expect(texts()).toEqual([...Array.from({ length: 6 }, () => "first"), "second"]);
    expect(times.slice(0, 3).map((at) => at - (times[0] ?? 0))).toEqual([0, 1_000, 3_000]);
  });

  it("does not make the session go past it: what it has not taken comes after a restart", async () => {
    const { qq, listening, pass } = await openQq();
    const first = await listening({ answer: ({ parts: [part] }) => (part?.kind === "text" && part.text === "poison" ? Promise.reject(new TransientError("the disk is full")) : Promise.resolve("accepted")) });
    qq.say("user-1", "poison");
    qq.say("user-2", "good");
    await until(() => first.texts().includes("good"));
    await pass(1_000);
    await first.stop();
    const second = await listening();
    await second.next();
    expect(second.texts()).toEqual(["poison"]);
  });

  it("because the message is bad, is offered it three more times, and then it is given up", async () => {
    const { qq, listening, logged, pass } = await openQq();
    const { texts } = await listening({ answer: ({ parts: [part] }) => (part?.kind === "text" && part.text === "poison" ? Promise.reject(new RangeError("bad")) : Promise.resolve("accepted")) });
    qq.say("user-1", "poison");
    qq.say("user-1", "after");
    await pass(60_000);
    expect(texts()).toEqual(["poison", "poison", "poison", "poison", "after"]);
    expect(logged("error")).toHaveLength(1);
  });
});

describe("a host that is slow", () => {
  it("gets everything in the order of each conversation, and conversations do not wait for one another", async () => {
    const { qq, listening, clock, pass } = await openQq();
    const { messages } = await listening({
      answer: async () => {
        await clock.sleep(10_000);
        return "accepted";
      },
    });
    for (let n = 0; n < 5; n += 1) for (const user of ["user-1", "user-2", "user-3"]) qq.say(user, `${user} ${n}`);
    await until(() => messages.length === 3);
    expect(new Set(messages.map(({ sender }) => sender.id)).size).toBe(3);
    await pass(60_000);
    for (const user of ["user-1", "user-2", "user-3"]) {
      const texts = messages.filter(({ sender }) => sender.id === user).map(({ parts }) => parts[0]);
      expect(texts).toEqual(Array.from({ length: 5 }, (_, n) => ({ kind: "text", text: `${user} ${n}` })));
    }
  });

  it("has a bounded number of messages in hand, and gets all of a flood in the end", async () => {
    const { qq, listening, pass } = await openQq();
    const stuck = Promise.withResolvers<AcceptResult>();
    const { messages, channel } = await listening({ answer: () => stuck.promise });
    for (let n = 0; n < 500; n += 1) qq.say(`user-${n}`, "hello");
    await pass(5_000);
    expect(messages.length).toBeLessThan(100);
    stuck.resolve("accepted");
    await until(() => messages.length === 500);
    expect(new Set(messages.map(({ id }) => id)).size).toBe(500);
    expect(channel.status()).toMatchObject({ reconnects: 0 });
  });
});

describe("a program that starts again on the same store", () => {
  it("within five minutes resumes the session, and gets what was said meanwhile once", async () => {
    const { qq, listening, pass } = await openQq();
    const first = await listening();
    qq.say("user-1", "before");
    await first.next();
    await pass(1_000);
    await first.stop();
    qq.say("user-1", "meanwhile");
    await pass(240_000);
    const second = await listening();
    await second.next();
    expect(second.texts()).toEqual(["meanwhile"]);
    expect(qq.logins[1]).toMatchObject({ kind: "resume", outcome: "resumed", s: 2 });
  });

  it("gets a message that the first was about to hand over when it ended", async () => {
    const { qq, listening, pass } = await openQq();
    const first = await listening({ answer: () => new Promise(() => undefined) });
    qq.say("user-1", "hello");
    await first.next();
    void first.stop().catch(() => undefined);
    await pass(30_000);
    const second = await listening();
    await second.next();
    expect(second.texts()).toEqual(["hello"]);
  });

  it("does not take again what comes again", async () => {
    const { qq, listening, pass } = await openQq();
    const first = await listening();
    const id = qq.say("user-1", "before");
    await first.next();
    await pass(1_000);
    await first.stop();
    const second = await listening();
    qq.redeliver(id);
    qq.say("user-1", "after");
    await second.next();
    expect(second.texts()).toEqual(["after"]);
  });

  it("begins a new session after more than five minutes", async () => {
    const { qq, listening, pass } = await openQq();
    const first = await listening();
    await pass(1_000);
    await first.stop();
    await pass(301_000);
    await listening();
    expect(qq.logins.map(({ kind }) => kind)).toEqual(["identify", "identify"]);
  });

  it.each<[string, Json]>([["text", "garbage"], ["a list", [1, 2]], ["another shape", { session: 7, seen: "none" }], ["a number that is none", { appId: "102000001", session: { id: "s", sequence: "two" }, savedAt: 0, seen: [] }]])(
    "on a state that cannot be read, %s, begins a new session, with a warning",
    async (_title, state) => {
      const { qq, listening, logged, store } = await openQq();
      await store.set("session", state);
      const { next } = await listening();
      qq.say("user-1", "hello");
      await next();
      expect(qq.logins.map(({ kind }) => kind)).toEqual(["identify"]);
      expect(logged("warn")).toEqual(["QQ: the kept session cannot be read, beginning a new one"]);
    },
  );

  it("as another bot begins a new session", async () => {
    const { qq, sandbox, listening, pass } = await openQq();
    const first = await listening();
    await pass(1_000);
    await first.stop();
    sandbox.faults.add({ path: PATHS.token, fault: { kind: "answer", body: JSON.stringify({ access_token: "of-another-bot", expires_in: "7200" }) } });
    sandbox.faults.add({ path: PATHS.gatewayBot, fault: { kind: "answer", body: JSON.stringify({ url: `${qq.url.replace("http", "ws")}/websocket/` }) } });
    qq.behave({ checksTokens: false });
    await listening({ appId: "102009999" });
    expect(qq.logins.map(({ kind }) => kind)).toEqual(["identify", "identify"]);
  });
});

describe("a program that ends", () => {
  it.each<[string, string, "hang" | "reset"]>([
    ["while it asks for a token", PATHS.token, "hang"],
    ["while it asks where the gateway is", PATHS.gatewayBot, "hang"],
    ["while it connects", PATHS.socket, "hang"],
    ["while it waits before it connects again", PATHS.gatewayBot, "reset"],
  ])("%s ends at once, and leaves no timer", async (_title, path, kind) => {
    const { sandbox: { faults }, clock, listen } = await openQq();
    const struck = faults.add({ path, times: "always", fault: { kind } });
    const { channel, stop } = listen();
    await struck.struck;
    if (kind === "reset") await until(() => channel.status().state === "backoff");
    await stop();
    expect(channel.status().state).toBe("stopped");
    expect(clock.pending).toBe(0);
  });

  it("while it listens leaves no timer and no connection", async () => {
    const { qq, clock, channel, stop } = await openTalk();
    await stop();
    expect(channel.status().state).toBe("stopped");
    expect(clock.pending).toBe(0);
    await until(() => qq.connections.length === 0);
  });

  it("a send in the middle of an upload ends it at once", async () => {
    const { sandbox: { faults }, channel, target } = await openTalk();
    const hanging = faults.add({ path: "/v2/users/user-1/files", fault: { kind: "hang" } });
    const abort = new AbortController();
    const sending = channel.send({ target, text: "", media: { kind: "image", bytes: Uint8Array.of(1, 2, 3), name: "a.png" } }, abort.signal);
    await hanging.struck;
    const reason = new RangeError("not needed any more");
    abort.abort(reason);
    await expect(sending).rejects.toBe(reason);
  });
});
