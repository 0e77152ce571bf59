import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { connectPeer, endpointOf, payloadOf, postJson, refusalOf, register } from "../../testing/dingtalk-peer.ts";
import { handClock, openSandbox } from "../../testing/open-sandbox.ts";

describe("registering a connection", () => {
  it("gives an endpoint and a ticket that opens one connection", async () => {
    const sandbox = await openSandbox();
    const url = await endpointOf(sandbox);
    expect(url).toMatch(/^ws:\/\/127\.0\.0\.1:\d+\/dingtalk\/connect\?ticket=[0-9a-f-]{36}$/);
    const peer = await connectPeer(sandbox);
    expect(await refusalOf(peer.socket.url)).toBe(401);
    expect(peer.connection).toMatchObject({ state: "open", ua: "peer/1", subscriptions: [{ type: "CALLBACK" }] });
  });

  it("forgets a ticket after 90 seconds, and whenever it is told to", async () => {
    const clock = handClock();
    const sandbox = await openSandbox({ now: clock.now });
    const [stale, spoilt] = [await endpointOf(sandbox), await endpointOf(sandbox)];
    clock.advance(89_999);
    const peer = await connectPeer(sandbox, {}, spoilt);
    expect(peer.connection.state).toBe("open");
    clock.advance(1);
    expect(await refusalOf(stale)).toBe(401);
    const expired = await endpointOf(sandbox);
    sandbox.dingtalk.expireTickets();
    sandbox.dingtalk.behave({ badTicketStatus: 400 });
    expect(await refusalOf(expired)).toBe(400);
    expect(await refusalOf(expired.replace("/connect", "/elsewhere"))).toBe(404);
  });

  it("lets a ticket be used as often as it is switched to", async () => {
    const sandbox = await openSandbox();
    sandbox.dingtalk.behave({ ticketUses: 2 });
    const url = await endpointOf(sandbox);
    const peers = [await connectPeer(sandbox, {}, url), await connectPeer(sandbox, {}, url)];
    expect(new Set(peers.map(({ connection }) => connection.ticket)).size).toBe(1);
    expect(await refusalOf(url)).toBe(401);
  });

  it("answers 401 authFailed to wrong credentials and 400 to a bad request", async () => {
    const sandbox = await openSandbox();
    const refused = await register(sandbox, { clientSecret: "wrong" });
    expect(refused.status).toBe(401);
    expect(await refused.json()).toMatchObject({ code: "authFailed", message: "鉴权失败", requestid: expect.any(String) as string });
    for (const bad of [{ clientId: "" }, { subscriptions: [] }, { subscriptions: [{ type: "EVENT", topic: "x" }] }]) {
      expect((await register(sandbox, bad)).status).toBe(400);
    }
    sandbox.dingtalk.acceptSecret("rotated");
    expect((await register(sandbox)).status).toBe(200);
  });

  it("answers in XML unless JSON is asked for", async () => {
    const sandbox = await openSandbox();
    expect(await (await register(sandbox, {}, {})).text()).toMatch(/^<\?xml .*<ticket>/s);
    sandbox.dingtalk.behave({ xmlWithoutAccept: false });
    expect(await (await register(sandbox, {}, {})).json()).toMatchObject({ ticket: expect.any(String) as string });
  });
});

describe("a stream connection", () => {
  it("brings a private message, takes its ack and then the reply by its webhook", async () => {
    const sandbox = await openSandbox();
    const { dingtalk } = sandbox;
    const peer = await connectPeer(sandbox);
    const msgId = dingtalk.say("staff-1", "hello");
    const frame = await peer.next();
    const headers = { topic: "/v1.0/im/bot/messages/get", contentType: "application/json", time: expect.stringMatching(/^\d{13}$/) as string };
    expect(frame).toMatchObject({ specVersion: "1.0", type: "CALLBACK", headers, data: expect.any(String) as string });
    expect(payloadOf(frame)).toMatchObject({ msgId, text: { content: "hello" } });
    peer.ack(frame);
    expect(await dingtalk.nextAck()).toMatchObject({ code: 200, msgId, counts: true, problems: [], data: { response: null } });
    const reply = { msgtype: "markdown", markdown: { title: "Revka", text: "hi" } };
    expect((await postJson(String(payloadOf(frame)["sessionWebhook"]), reply)).json).toEqual({ errcode: 0, errmsg: "ok" });
    const sent = await dingtalk.nextReply("staff-1");
    expect(sent).toMatchObject({ via: "webhook", user: "staff-1", kind: "markdown", title: "Revka", text: "hi" });
    expect(sent.order).toBeGreaterThan(dingtalk.acks[0]?.order ?? Infinity);
  });

  it("brings nothing that was not subscribed to, except on demand", async () => {
    const sandbox = await openSandbox();
    const peer = await connectPeer(sandbox);
    const event = { type: "EVENT", topic: "*", headers: { eventType: "user_add_org" }, data: { userId: ["staff-9"] } } as const;
    sandbox.dingtalk.push(event);
    expect(await sandbox.dingtalk.nextDelivery()).not.toHaveProperty("connection");
    sandbox.dingtalk.push(event, { connection: peer.connection.id });
    expect(await peer.next()).toMatchObject({ type: "EVENT", headers: { topic: "*", eventType: "user_add_org" } });
  });

  it("sends any frame and any bytes as they are told", async () => {
    const sandbox = await openSandbox();
    const peer = await connectPeer(sandbox);
    sandbox.dingtalk.push({ type: "CALLBACK", topic: "/v1.0/im/bot/messages/get", data: "{", headers: { messageId: undefined } });
    const frame = await peer.next();
    expect(frame.data).toBe("{");
    expect(frame.headers).not.toHaveProperty("messageId");
    sandbox.dingtalk.push({ type: "CALLBACK", topic: "/v1.0/im/bot/messages/get", data: undefined });
    expect(await peer.next()).not.toHaveProperty("data");
    sandbox.dingtalk.behave({ dataAs: "object" });
    sandbox.dingtalk.say("staff-1", "hello");
    expect((await peer.next()).data).toMatchObject({ msgtype: "text" });
    peer.connection.sendRaw("no json");
    expect(await peer.nextText()).toBe("no json");
  });

  it("greets when it is switched to", async () => {
    const sandbox = await openSandbox();
    sandbox.dingtalk.behave({ greets: true });
    const peer = await connectPeer(sandbox);
    expect([(await peer.next()).headers["topic"], (await peer.next()).headers["topic"]]).toEqual(["CONNECTED", "REGISTERED"]);
  });

  it("tells how a connection ended", async () => {
    const sandbox = await openSandbox();
    const peer = await connectPeer(sandbox);
    peer.socket.close(1000);
    await once(peer.socket, "close");
    const { connection } = peer;
    const { order, code } = await connection.closed;
    expect(code).toBe(1000);
    expect(order).toBeGreaterThan(connection.order);
    expect(connection.state).toBe("closed");
    expect(sandbox.dingtalk.connections).toEqual([]);
  });
});
