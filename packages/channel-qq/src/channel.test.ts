import { createContext, createMemoryStore, replyTo, textOf } from "@revka/core";
import { describe, expect, it, vi } from "vitest";
import { createQqChannel } from "./channel.ts";
import { CONFIG, dispatch, framesOn, groupMessage, listenToPlatform, openBench, privateMessage } from "./listening.test-support.ts";
import { PATHS } from "./platform.test-support.ts";

describe("createQqChannel", () => {
  it("says what it can do, and needs nothing but credentials and an allowlist (QQ-04, QQ-D01)", () => {
    const channel = createQqChannel(CONFIG);
    expect(channel).toMatchObject({
      name: "qq",
      displayName: "QQ",
      capabilities: {
        receive: "socket", text: { limit: 3_600, unit: "bytes" }, markdown: true, takesUrls: true, proactive: true, idempotentSend: true,
        mediaIn: ["image", "audio", "video", "file"], mediaOut: ["image", "audio", "video", "file"],
      },
    });
    expect(channel.status()).toMatchObject({ state: "idle", reconnects: 0 });
    expect(createQqChannel(CONFIG, createContext("qq-2")).name).toBe("qq-2");
  });

  it("answers a private and a group conversation where they were asked, in markdown (QQ-15, QQ-18, QQ-D12)", async () => {
    await using listening = await listenToPlatform();
    const { channel, platform, next } = listening;
    const socket = await listening.connected();
    socket.send(dispatch("C2C_MESSAGE_CREATE", privateMessage(), 2));
    const messages = [await next()];
    socket.send(dispatch("GROUP_AT_MESSAGE_CREATE", groupMessage({ id: "msg-2" }), 3));
    messages.push(await next());
    expect(messages.map(({ conversation }) => conversation)).toEqual([
      { id: "user:USER1", kind: "direct" },
      { id: "group:GROUP1", kind: "group" },
    ]);
    for (const message of messages) {
      const receipt = await channel.send({ target: replyTo(message), text: `**${textOf(message)}** to ${message.conversation.kind}` });
      expect(receipt).toMatchObject({ messageIds: [expect.stringMatching(/^out-/)], route: "reply", remainingReplies: message.conversation.kind === "group" ? 4 : 3 });
    }
    expect(platform.bodies(PATHS.toUser)).toEqual([{ msg_type: 2, markdown: { content: "**hello** to direct" }, msg_id: "msg-1", msg_seq: 1 }]);
    expect(platform.bodies(PATHS.toGroup)).toEqual([{ msg_type: 2, markdown: { content: "**hello** to group" }, msg_id: "msg-2", msg_seq: 1 }]);
    expect(platform.calls.find(({ path }) => path === PATHS.toUser)?.headers).toMatchObject({ authorization: "QQBot access-token-1" });
  });

  it("answers after a restart, with the next number", async () => {
    const store = createMemoryStore();
    await using listening = await listenToPlatform({ store });
    const socket = await listening.connected();
    socket.send(dispatch("C2C_MESSAGE_CREATE", privateMessage(), 2));
    const target = replyTo(await listening.next());
    await listening.channel.send({ target, text: "one" });
    await listening.stop();
    await using later = await openBench({ store });
    await later.channel.send({ target, text: "two" });
    expect(later.platform.bodies(PATHS.toUser)).toMatchObject([{ msg_id: "msg-1", msg_seq: 2 }]);
  });

  it("tells its health: the token, and how the gateway stands (QQ-D13)", async () => {
    await using listening = await listenToPlatform();
    const { channel, platform } = listening;
    await listening.socket();
    expect(await channel.checkHealth()).toMatchObject({ ok: false, detail: expect.stringContaining("not connected to the gateway") as string });
    const socket = await listening.connected();
    await platform.until(() => channel.status().state === "connected");
    expect(await channel.checkHealth()).toMatchObject({ ok: true });
    socket.drop();
    await vi.waitUntil(() => channel.status().state === "backoff");
    expect(await channel.checkHealth()).toMatchObject({ ok: false, detail: expect.stringContaining("1006") as string });
    await using refused = await openBench();
    refused.platform.answer(PATHS.token, { body: { code: 100016, message: "invalid appid or secret" } });
    expect(await refused.channel.checkHealth()).toMatchObject({ ok: false, detail: expect.stringContaining("100016") as string });
  });

  it("gives away neither the secret nor a token (QQ-D03)", async () => {
    await using listening = await listenToPlatform();
    const { channel, platform, logger } = listening;
    const socket = await listening.connected();
    expect(framesOn(socket)[0]).toMatchObject({ op: 2 });
    platform.answer(PATHS.toUser, { status: 400, body: "your token was access-token-1, your secret qq-app-secret" });
    const error = await channel.send({ target: { conversationId: "USER1" }, text: "hi" }).then(() => "no error", String);
    expect(`${error} ${logger.text()}`).not.toMatch(/access-token-1|qq-app-secret/);
    expect(error).toContain("***");
  });
});
