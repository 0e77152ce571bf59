import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { createSandboxClient } from "../../client.ts";
import { connectPeer, openCaller, openWebhook, payloadOf, postJson, registrationOf } from "../../testing/dingtalk-peer.ts";
import { openSandbox } from "../../testing/open-sandbox.ts";
import type { Sandbox } from "../../sandbox.ts";

const REPLY = { msgtype: "markdown", markdown: { title: "Revka", text: "hi" } };

function command({ url }: Sandbox, path: string, body: unknown): ReturnType<typeof postJson> {
  return postJson(`${url}/control/dingtalk/${path}`, body);
}

async function list({ url }: Sandbox, path: string): Promise<Record<string, unknown>> {
  return (await (await fetch(`${url}/control/dingtalk/${path}`)).json()) as Record<string, unknown>;
}

describe("DingTalk from another process", () => {
  it("is spoken to and read as Mochat is, in private and in groups", async () => {
    const sandbox = await openSandbox();
    const client = createSandboxClient(sandbox.url);
    const peer = await connectPeer(sandbox);
    for (const speaker of ["staff-1", { user: "staff-1", group: "cidGRP==" }]) {
      const messageId = await client.say("dingtalk", speaker, "hello");
      const payload = payloadOf(await peer.next());
      expect(payload["msgId"]).toBe(messageId);
      await postJson(String(payload["sessionWebhook"]), REPLY);
    }
    expect((await client.replies("dingtalk", { user: "staff-1" })).replies).toMatchObject([{ seq: 1, user: "staff-1", text: "hi" }]);
    expect(await client.replies("dingtalk", { group: "cidGRP==" })).toMatchObject({ replies: [{ seq: 2, user: "", group: "cidGRP==", text: "hi" }], cursor: 2 });
    expect((await client.replies("dingtalk")).replies).toHaveLength(2);
  });

  it("waits for a client that is just connecting, and says so when none comes", async () => {
    const sandbox = await openSandbox();
    expect(await command(sandbox, "say", { user: "staff-1", text: "hello", wait_ms: 1 })).toMatchObject({ status: 409, json: { error: expect.stringContaining("start the gateway first") as string } });
    const saying = command(sandbox, "say", { user: "staff-1", text: "hello" });
    const peer = await connectPeer(sandbox);
    expect((await saying).json["messageId"]).toBe(payloadOf(await peer.next())["msgId"]);
  });

  it.each<readonly [content: object, fields: object]>([
    [{ msgtype: "picture", bytes: "AQID" }, { downloadCode: expect.any(String) as string }],
    [{ msgtype: "richText", segments: [{ text: "see" }, { picture: "AQID" }] }, { richText: [{ text: "see" }, { type: "picture" }] }],
    [{ msgtype: "file", bytes: "AQID", fileName: "a.pdf" }, { fileName: "a.pdf" }],
  ])("sends %o with bytes in base64", async (content, fields) => {
    const sandbox = await openSandbox();
    const peer = await connectPeer(sandbox);
    await command(sandbox, "say", { user: "staff-1", content });
    expect(payloadOf(await peer.next())["content"]).toMatchObject(fields);
  });

  it("shows connections, acks and frames, and delivers anything again", async () => {
    const sandbox = await openSandbox();
    const peer = await connectPeer(sandbox);
    const { messageId } = (await command(sandbox, "push", { type: "CALLBACK", topic: "/v1.0/im/bot/messages/get", data: { a: 1 } })).json;
    peer.ack(await peer.next());
    expect(await list(sandbox, "acks?wait_ms=60000")).toMatchObject({ acks: [{ msgId: messageId, counts: true }], cursor: 1 });
    expect((await command(sandbox, "redeliver", { messageId, choice: { messageId: "same" } })).json).toMatchObject({ attempt: 2 });
    expect((await command(sandbox, "redeliver", { messageId: "nobody" })).status).toBe(409);
    expect(await list(sandbox, "connections")).toMatchObject({ connections: [{ id: 1, state: "open", ua: "peer/1" }] });
    const frames = (await (await fetch(`${sandbox.url}/control/frames?platform=dingtalk`)).json()) as { entries: readonly { frame: string }[] };
    expect(frames.entries.map(({ frame }) => frame)).toEqual(["CALLBACK /v1.0/im/bot/messages/get", "ack", "CALLBACK /v1.0/im/bot/messages/get"]);
  });

  it.each([["closed", 1001], ["terminated", 1006], ["reset", 1006]] as const)("is %s for every client", async (how, code) => {
    const sandbox = await openSandbox();
    const { socket } = await connectPeer(sandbox);
    const closed = once(socket, "close");
    await command(sandbox, "disconnect", { how });
    expect((await closed)[0]).toBe(code);
  });

  it("tells every client to disconnect, or falls silent", async () => {
    const sandbox = await openSandbox();
    const peer = await connectPeer(sandbox);
    await command(sandbox, "disconnect", { how: "silent" });
    expect(sandbox.dingtalk.connections).toMatchObject([{ line: { isSilent: true } }]);
    const other = await connectPeer(sandbox);
    await command(sandbox, "disconnect", {});
    expect((await other.next()).headers["topic"]).toBe("disconnect");
    expect(peer.connection.state).toBe("draining");
  });

  it("refuses, expires and changes its secret", async () => {
    const sandbox = await openSandbox();
    const url = await openWebhook(sandbox, await connectPeer(sandbox));
    const call = await openCaller(sandbox);
    await command(sandbox, "refuse", { refusal: 130101 });
    expect((await postJson(url, REPLY)).json["errcode"]).toBe(130101);
    await command(sandbox, "refuse", { refusal: { status: 429, code: "system.busy" } });
    expect((await call("/robot/oToMessages/batchSend", {})).status).toBe(429);
    for (const what of ["tickets", "webhooks", "token"]) await command(sandbox, "expire", { what });
    expect((await postJson(url, REPLY)).json["errcode"]).toBe(300001);
    expect((await call("/robot/oToMessages/batchSend", {})).json["code"]).toBe("InvalidAuthentication");
    await command(sandbox, "secret", { secret: "rotated" });
    expect(sandbox.settingsFor("dingtalk").values).toMatchObject({ client_secret: "rotated", base_url: sandbox.dingtalk.url });
  });

  it("sets switches and faults of frames, and refuses what it does not know", async () => {
    const sandbox = await openSandbox();
    expect((await command(sandbox, "behave", { greets: true })).json).toMatchObject({ greets: true, redeliverAfterMs: 60_000 });
    for (const [path, body] of [["behave", { gretes: true }], ["say", { text: "who?" }], ["say", { user: "staff-1" }], ["disconnect", { how: "gently" }], ["refuse", { refusal: "no" }]] as const) {
      expect((await command(sandbox, path, body)).status).toBe(400);
    }
    const client = createSandboxClient(sandbox.url);
    expect(await client.addFrameFault({ platform: "dingtalk", frame: "CALLBACK *", fault: { kind: "drop" } })).toBe(1);
    await expect(client.addFrameFault({ fault: { kind: "close", code: 1006 } })).rejects.toThrow("fault.code: must be 1000");
    expect(sandbox.frameFaults.rules).toMatchObject([{ id: 1, hits: 0, fault: { kind: "drop" } }]);
    await client.clearFaults();
    expect(sandbox.frameFaults.rules).toEqual([]);
  });
});

describe("a reset of DingTalk", () => {
  it("forgets everything but the connections", async () => {
    const sandbox = await openSandbox();
    const { dingtalk } = sandbox;
    const peer = await connectPeer(sandbox);
    const url = await openWebhook(sandbox, peer);
    await postJson(url, REPLY);
    dingtalk.acceptSecret("rotated");
    dingtalk.refuse(-1);
    dingtalk.behave({ numbersAs: "string" });
    sandbox.frameFaults.add({ fault: { kind: "drop" } });
    sandbox.reset();
    expect({ ...dingtalk, connections: [] }).toMatchObject({ sent: [], acks: [], deliveries: [], pings: [], uploads: [], reactions: [] });
    expect(registrationOf(dingtalk)["clientSecret"]).toBe("ding-sandbox-secret");
    expect((await postJson(url, REPLY)).json["errcode"]).toBe(300001);
    expect(sandbox.frames.entries).toEqual([]);
    expect(await openWebhook(sandbox, peer)).not.toBe(url);
    expect(dingtalk.connections).toHaveLength(1);
  });

  it("starts with the app that it is given", async () => {
    const sandbox = await openSandbox({ dingtalk: { clientId: "mine", clientSecret: "hush" } });
    expect(sandbox.settingsFor("dingtalk")).toEqual({ section: "dingtalk", values: { client_id: "mine", client_secret: "hush", base_url: sandbox.dingtalk.url } });
    await connectPeer(sandbox);
  });
});
