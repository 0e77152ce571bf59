import { createContext, createMemoryStore, replyTo, textOf } from "@revka/core";
import { describe, expect, it } from "vitest";
import { createDingtalkChannel } from "./channel.ts";
import { acksOn, callback, CONFIG, groupMessage, listenToPlatform, robotMessage } from "./listening.test-support.ts";
import { PATHS } from "./platform.test-support.ts";

describe("createDingtalkChannel", () => {
  it("says what it can do, and needs nothing but credentials and an allowlist (DT-04)", () => {
    const channel = createDingtalkChannel({ clientId: "a", clientSecret: "b", allowedUsers: ["*"] });
    expect(channel).toMatchObject({
      name: "dingtalk",
      displayName: "DingTalk",
      capabilities: { receive: "socket", text: { limit: 3_800, unit: "chars" }, markdown: true, mediaOut: ["image"], proactive: false, idempotentSend: false },
    });
    expect(channel.status()).toMatchObject({ state: "idle", reconnects: 0 });
  });

  it("takes its name from its instance, and takes more with the robot API", () => {
    const channel = createDingtalkChannel({ ...CONFIG, proactiveSend: true }, createContext("dingtalk-2"));
    expect(channel).toMatchObject({ name: "dingtalk-2", capabilities: { mediaOut: ["image", "file"], proactive: true } });
  });

  it("refuses a configuration it cannot work with (DT-07, DT-08)", () => {
    expect(() => createDingtalkChannel({ ...CONFIG, clientId: " " })).toThrow("clientId must be a non-empty string");
    expect(() => createDingtalkChannel({ ...CONFIG, clientSecret: "" })).toThrow("clientSecret must be a non-empty string");
    expect(() => createDingtalkChannel({ ...CONFIG, baseUrl: "http://example.com" })).toThrow(TypeError);
  });

  it("answers a private and a group conversation where they were asked, in markdown (DT-13, DT-14, DT-16, DT-19, DT-23, DT-24)", async () => {
    await using listening = await listenToPlatform();
    const { channel, platform, next } = listening;
    const socket = await listening.connected();
    socket.send(callback(robotMessage({ sessionWebhook: platform.webhook("private") })));
    const messages = [await next()];
    socket.send(callback(groupMessage({ msgId: "msg-2", sessionWebhook: platform.webhook("group") }), { messageId: "delivery-2" }));
    messages.push(await next());
    expect(messages.map(({ conversation }) => conversation)).toEqual([
      { id: "staff-1", kind: "direct" },
      { id: "cidGRP==", kind: "group", title: "Ops" },
    ]);
    for (const message of messages) await channel.send({ target: replyTo(message), text: `**${textOf(message)}** to ${message.conversation.kind}` });
    expect(platform.calls.filter(({ path }) => path === PATHS.webhook).map(({ query }) => query.get("session"))).toEqual(["private", "group"]);
    expect(platform.bodies(PATHS.webhook)).toEqual([
      { msgtype: "markdown", markdown: { title: "Revka", text: "**hello** to direct" } },
      { msgtype: "markdown", markdown: { title: "Revka", text: "**hello** to group" } },
    ]);
    await platform.until(() => socket.texts.length === 2);
    expect(acksOn(socket)).toEqual(["200 delivery-1", "200 delivery-2"]);
  });

  it("answers after a restart through the webhook it kept (DT-15)", async () => {
    const store = createMemoryStore();
    await using listening = await listenToPlatform({ store });
    const socket = await listening.connected();
    socket.send(callback(robotMessage({ sessionWebhook: listening.platform.webhook() })));
    await listening.next();
    await listening.stop();
    const { clock } = listening;
    const restarted = createDingtalkChannel({ ...CONFIG, baseUrl: listening.platform.url }, createContext("dingtalk", { store, clock }));
    await expect(restarted.send({ target: { conversationId: "staff-1" }, text: "back again" })).resolves.toEqual({ messageIds: [], route: "webhook" });
  });

  it("gives no secret away (DT-08)", async () => {
    await using listening = await listenToPlatform({ prepare: (platform) => platform.answer(PATHS.open, { status: 401, body: { code: "authFailed", message: "ding-app-secret" } }) });
    const { channel, platform, logger, clock } = listening;
    await clock.untilPending(1);
    await clock.advance(60_000);
    const socket = await listening.connected();
    socket.send(callback(robotMessage({ sessionWebhook: platform.webhook("a-secret-session") })));
    await listening.next();
    platform.answer(PATHS.webhook, { body: { errcode: 400102, errmsg: "robot stopped" } });
    const error: unknown = await channel.send({ target: { conversationId: "staff-1" }, text: "hi" }).catch((reason: unknown) => reason);
    const given = `${logger.text()} ${String(error)} ${JSON.stringify(channel.status())}`;
    expect(["ding-app-secret", "a-secret-session", "ticket 1"].filter((secret) => given.includes(secret))).toEqual([]);
  });

  it("opens no port and leaves nothing open when it is stopped (DT-03)", async () => {
    await using listening = await listenToPlatform();
    const socket = await listening.connected();
    await listening.stop();
    await listening.platform.until(() => !socket.isOpen);
    expect([socket.closeCode, listening.channel.status().state, listening.clock.pending]).toEqual([1000, "stopped", 0]);
  });
});
