import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { createSandboxClient } from "../../client.ts";
import { connectLark, discover, eventOf, larkCaller, postJson, refusalOf, tokenOf } from "../../testing/lark-peer.ts";
import { openSandbox } from "../../testing/open-sandbox.ts";
import type { Sandbox } from "../../sandbox.ts";

function command({ url }: Sandbox, path: string, body: unknown): ReturnType<typeof postJson> {
  return postJson(`${url}/control/lark/${path}`, body);
}

async function list({ url }: Sandbox, path: string): Promise<Record<string, unknown>> {
  return (await (await fetch(`${url}/control/lark/${path}`)).json()) as Record<string, unknown>;
}

describe("Lark from another process", () => {
  it.each(["lark", "feishu"] as const)("is spoken to and read as Mochat is, in private and in groups: %s", async (name) => {
    const sandbox = await openSandbox();
    const client = createSandboxClient(sandbox.url);
    const peer = await connectLark(sandbox[name]);
    const call = await larkCaller(sandbox[name]);
    const { scenes = [] } = (await client.info()).platforms.find((platform) => platform.name === name) ?? {};
    for (const speaker of scenes) {
      const messageId = await client.say(name, speaker, "hello");
      expect(eventOf(await peer.nextFrame()).event.message["message_id"]).toBe(messageId);
      await call("POST", `/im/v1/messages/${messageId}/reply`, { msg_type: "text", content: '{"text":"hi"}' });
    }
    expect((await client.replies(name, { user: "ou_sandbox_1" })).replies).toMatchObject([{ seq: 1, user: "ou_sandbox_1", text: "hi" }]);
    expect(await client.replies(name, { group: "oc_sandbox_group" })).toMatchObject({ replies: [{ seq: 2, user: "", group: "oc_sandbox_group", text: "hi" }], cursor: 2 });
    expect((await client.replies(name)).replies).toHaveLength(2);
  });

  it("waits for a client that is just connecting, and says so when none comes", async () => {
    const sandbox = await openSandbox();
    expect(await command(sandbox, "say", { user: "ou_1", text: "hello", wait_ms: 1 })).toMatchObject({ status: 409, json: { error: "no client is connected to the emulator of lark: start the gateway first" } });
    const saying = command(sandbox, "say", { user: "ou_1", text: "hello" });
    const peer = await connectLark(sandbox.lark);
    expect((await saying).json["messageId"]).toBe(eventOf(await peer.nextFrame()).event.message["message_id"]);
  });

  it.each<readonly [content: object, kind: string]>([
    [{ type: "image", bytes: "AQID" }, "image"],
    [{ type: "file", bytes: "AQID", fileName: "a.pdf", contentType: "application/pdf" }, "file"],
    [{ type: "audio", bytes: "AQID" }, "audio"],
    [{ type: "media", bytes: "AQID", fileName: "a.mp4", cover: "AQID" }, "media"],
    [{ type: "post", content: [[{ tag: "img", bytes: "AQID" }]] }, "post"],
    [{ type: "merge_forward", messages: [{ user: "ou_2", content: { type: "image", bytes: "AQID" } }] }, "merge_forward"],
    [{ type: "other", as: "location", content: { name: "here" } }, "location"],
  ])("sends %o with bytes in base64", async (content, kind) => {
    const sandbox = await openSandbox();
    const peer = await connectLark(sandbox.lark);
    await command(sandbox, "say", { user: "ou_1", content, choice: { transportId: "new" } });
    expect(eventOf(await peer.nextFrame()).event.message["message_type"]).toBe(kind);
  });

  it("shows connections, acks and reactions, clicks, takes back and delivers anything again", async () => {
    const sandbox = await openSandbox();
    const peer = await connectLark(sandbox.lark);
    const { id } = (await command(sandbox, "push", { eventType: "im.chat.updated_v1", event: { a: 1 } })).json;
    peer.ack(await peer.nextFrame());
    expect(await list(sandbox, "acks?wait_ms=60000")).toMatchObject({ acks: [{ id, counts: true }], cursor: 1 });
    expect((await command(sandbox, "redeliver", { id, choice: { eventId: "new" } })).json).toMatchObject({ attempt: 2 });
    expect((await command(sandbox, "redeliver", { id: "nobody" })).status).toBe(409);
    expect(await list(sandbox, "connections")).toMatchObject({ connections: [{ id: 1, isOpen: true, serviceId: 33_554_678 }] });
    const messageId = sandbox.lark.say("ou_1", "hello");
    await (await larkCaller(sandbox.lark))("POST", `/im/v1/messages/${messageId}/reactions`, { reaction_type: { emoji_type: "OK" } });
    expect(await list(sandbox, "reactions")).toMatchObject({ reactions: [{ messageId, emoji: "OK" }] });
    expect((await command(sandbox, "click", { user: "ou_1", messageId, action: { tag: "button" } })).json).toMatchObject({ token: expect.stringMatching(/^c-/) as string });
    expect((await command(sandbox, "recall", { messageId })).json).toMatchObject({ eventType: "im.message.recalled_v1" });
  });

  it.each([["closed", 1001], ["terminated", 1006], ["reset", 1006]] as const)("is %s for every client", async (how, code) => {
    const sandbox = await openSandbox();
    const { socket } = await connectLark(sandbox.lark);
    const closed = once(socket, "close");
    await command(sandbox, "disconnect", { how });
    expect((await closed)[0]).toBe(code);
  });

  it("refuses, expires, changes its credentials and its groups", async () => {
    const sandbox = await openSandbox();
    const { lark } = sandbox;
    const { connection } = await connectLark(lark);
    await command(sandbox, "disconnect", { how: "silent" });
    await command(sandbox, "refuse", { code: 230020, choice: { path: "/open-apis/bot/*" } });
    expect((await (await larkCaller(lark))("GET", "/bot/v3/info")).json["code"]).toBe(230020);
    await command(sandbox, "refuse-endpoint", { code: 403 });
    expect((await discover(lark)).code).toBe(403);
    const { URL: url } = (await discover(lark)).data;
    await command(sandbox, "refuse-handshake", { refusal: { handshakeStatus: 403 } });
    expect((await refusalOf(url)).headers["handshake-status"]).toBe("403");
    await command(sandbox, "expire", { what: "urls" });
    expect((await refusalOf(url)).headers["handshake-status"]).toBe("514");
    const token = await tokenOf(lark);
    await command(sandbox, "expire", { what: "tokens" });
    expect(await tokenOf(lark)).not.toBe(token);
    await command(sandbox, "credentials", { appSecret: "rotated" });
    expect(sandbox.settingsFor("lark").values).toEqual({ app_id: "cli_a0b1c2d3e4f50617", app_secret: "rotated", base_url: lark.url });
    for (const how of ["join", "leave", "dissolve"]) expect((await command(sandbox, "group", { group: "oc_g", how })).status).toBe(200);
    expect(connection.isOpen).toBe(true);
  });

  it("tells how the webhook fares, and sends what is said there", async () => {
    const sandbox = await openSandbox();
    const { json } = await command(sandbox, "webhook", { url: "http://127.0.0.1:1/lark" });
    expect(json).toMatchObject({ kind: "challenge", isAccepted: false });
    expect(await list(sandbox, "posts")).toMatchObject({ posts: [json], cursor: 1 });
    expect((await command(sandbox, "webhook", { url: "http://bot.example/lark" })).status).toBe(400);
  });

  it("sets switches, and refuses what it does not know", async () => {
    const sandbox = await openSandbox();
    expect((await command(sandbox, "behave", { pingIntervalSecs: 5, callsPerSecond: 1 })).json).toMatchObject({ pingIntervalSecs: 5, callsPerSecond: 1, ackWindowMs: 3_000 });
    const wrong = [["behave", { pings: 1 }], ["say", { text: "who?" }], ["say", { user: "ou_1" }], ["disconnect", { how: "gently" }], ["expire", {}], ["group", { group: "oc_g", how: "burn" }]] as const;
    for (const [path, body] of wrong) expect((await command(sandbox, path, body)).status).toBe(400);
    const { connection } = await connectLark(sandbox.lark);
    expect((await command(sandbox, "say", { user: "alice", text: "hello" })).status).toBe(400);
    expect(connection.isOpen).toBe(true);
  });
});

describe("a reset of Lark", () => {
  it("forgets everything but the connections", async () => {
    const sandbox = await openSandbox();
    const { lark } = sandbox;
    const peer = await connectLark(lark);
    peer.ping();
    await lark.nextPing();
    const call = await larkCaller(lark);
    await call("POST", `/im/v1/messages/${lark.say("ou_1", "hello")}/reply`, { msg_type: "text", content: '{"text":"hi"}' });
    await lark.useWebhook("http://127.0.0.1:1/lark");
    lark.accept({ appSecret: "rotated" });
    lark.behave({ frameIds: "big" });
    lark.refuseEndpoint(1);
    lark.refuseHandshake({ handshakeStatus: 403 });
    sandbox.reset();
    expect({ ...lark, connections: [] }).toMatchObject({ sent: [], acks: [], deliveries: [], pings: [], posts: [], uploads: [], reactions: [], cardFrames: [] });
    expect((await call("GET", "/bot/v3/info")).json["code"]).toBe(99991663);
    expect(lark.credentials.appSecret).toBe("lark-sandbox-secret");
    expect((await connectLark(lark)).connection.isOpen).toBe(true);
    expect(lark.connections).toHaveLength(2);
  });

  it("starts with the app that it is given", async () => {
    const sandbox = await openSandbox({ feishu: { appId: "cli_1111111111111111", appSecret: "hush" } });
    const values = { app_id: "cli_1111111111111111", app_secret: "hush", base_url: sandbox.feishu.url };
    expect(sandbox.settingsFor("feishu")).toEqual({ section: "feishu", values });
    await connectLark(sandbox.feishu);
  });
});
