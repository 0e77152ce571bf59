import { TOPIC_ROBOT } from "dingtalk-stream";
import { startSandbox, type DingtalkConnection, type Sandbox } from "@revka/sandbox";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { startOfficialBot, type OfficialBot, type OfficialDelivery } from "./official-bot.ts";

async function openSandbox(): Promise<Sandbox> {
  const sandbox = await startSandbox();
  onTestFinished(() => sandbox.close());
  return sandbox;
}

async function openConnected({ keepAlive = false } = {}): Promise<{ sandbox: Sandbox; bot: OfficialBot; connection: DingtalkConnection }> {
  const sandbox = await openSandbox();
  const { url, clientId, clientSecret } = sandbox.dingtalk;
  const bot = await startOfficialBot({ url, clientId, clientSecret, keepAlive });
  return { sandbox, bot, connection: await sandbox.dingtalk.nextConnection() };
}

/** Answers a message through its webhook, as programs on the SDK do: it has no method for that. */
async function reply({ message }: OfficialDelivery, text: string): Promise<unknown> {
  const body = JSON.stringify({ msgtype: "markdown", markdown: { title: "reply", text } });
  const response = await fetch(message.sessionWebhook, { method: "POST", headers: { "content-type": "application/json" }, body });
  return response.json();
}

describe("the official client on the sandbox", () => {
  it("registers for robot messages and for events", async () => {
    const { connection } = await openConnected();
    expect(connection.subscriptions).toEqual([{ type: "EVENT", topic: "*" }, { type: "CALLBACK", topic: TOPIC_ROBOT }]);
  });

  it.each([["in private", undefined], ["in a group", "cidGROUP=="]])("receives, acknowledges and answers %s", async (_title, group) => {
    const { sandbox: { dingtalk }, bot } = await openConnected();
    const msgId = dingtalk.say("staff-1", "hello", group === undefined ? {} : { group });
    const delivery = await bot.next();
    expect(delivery.message).toMatchObject({ msgId, msgtype: "text", senderStaffId: "staff-1", conversationType: group === undefined ? "1" : "2" });
    expect(delivery.message.text.content.trim()).toBe("hello");

    bot.client.socketCallBackResponse(delivery.messageId, "done");
    expect(await dingtalk.nextAck()).toMatchObject({ msgId, code: 200, data: { response: "done" }, counts: true, problems: [] });

    expect(await reply(delivery, "and hello to you")).toEqual({ errcode: 0, errmsg: "ok" });
    expect(dingtalk.sent).toMatchObject([{ via: "webhook", kind: "markdown", text: "and hello to you", ...(group === undefined ? { user: "staff-1" } : { group }) }]);
  });

  it("acknowledges an event", async () => {
    const { sandbox: { dingtalk } } = await openConnected();
    dingtalk.push({ type: "EVENT", topic: "*", data: { userId: ["staff-9"] }, headers: { eventType: "user_add_org", eventId: "e-1" } });
    expect(await dingtalk.nextAck()).toMatchObject({ data: { status: "SUCCESS" }, counts: true, problems: [] });
  });

  it("gets a message again that it did not acknowledge, and then no more", async () => {
    const { sandbox: { dingtalk }, bot } = await openConnected();
    dingtalk.behave({ redeliverAfterMs: 50, redeliveries: 10 });
    const msgId = dingtalk.say("staff-1", "hello");
    const [first, second] = [await bot.next(), await bot.next()];
    expect([first.message.msgId, second.message.msgId]).toEqual([msgId, msgId]);
    expect(second.messageId).not.toBe(first.messageId);

    bot.client.socketCallBackResponse(second.messageId, null);
    await dingtalk.nextAck();
    const attempts = dingtalk.deliveries.length;
    dingtalk.say("staff-1", "something else");
    expect((await bot.next()).message).toMatchObject({ text: { content: "something else" } });
    expect(dingtalk.deliveries.filter((delivery) => delivery.msgId === msgId)).toHaveLength(attempts);
  });

  it("answers the platform's pings with their opaque", async () => {
    const { sandbox: { dingtalk }, connection } = await openConnected();
    const opaque = connection.ping();
    expect(await dingtalk.nextPong()).toMatchObject({ connection: connection.id, opaque, isEchoed: true });
  });

  it("hears a pong for a ping of its own, eight seconds after it connected", async () => {
    const { bot: { client } } = await openConnected({ keepAlive: true });
    await new Promise<void>((resolve) => vi.spyOn(client, "heartbeat").mockImplementation(resolve));
    expect(client.connected).toBe(true);
  }, 20_000);

  it("connects again with another ticket after it was told to disconnect", async () => {
    const { sandbox: { dingtalk }, bot, connection } = await openConnected();
    dingtalk.behave({ graceMs: 50 });
    dingtalk.disconnect();
    await connection.closed;
    await expectGoodSuccessor(await dingtalk.nextConnection(), { connection, dingtalk, bot });
  });

  it("connects again with another ticket after its socket was reset", async () => {
    const { sandbox: { dingtalk }, bot, connection } = await openConnected();
    connection.reset();
    await expectGoodSuccessor(await dingtalk.nextConnection(), { connection, dingtalk, bot });
  });

  it("is refused with the wrong secret until the platform knows it", async () => {
    const { dingtalk, record } = await openSandbox();
    const { url, clientId } = dingtalk;
    const bot = await startOfficialBot({ url, clientId, clientSecret: "not yet known" });
    expect(record.entries).toMatchObject([{ path: "/v1.0/gateway/connections/open", answer: { status: 401 } }]);
    dingtalk.acceptSecret("not yet known");
    await dingtalk.nextConnection();
    dingtalk.say("staff-1", "hello");
    expect((await bot.next()).message).toMatchObject({ text: { content: "hello" } });
  });

  it("gets an access token that the robot API takes", async () => {
    const { sandbox: { dingtalk }, bot } = await openConnected();
    const token: unknown = await bot.client.getAccessToken();
    const response = await fetch(`${dingtalk.url}/v1.0/robot/oToMessages/batchSend`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-acs-dingtalk-access-token": String(token) },
      body: JSON.stringify({ robotCode: dingtalk.clientId, userIds: ["staff-1"], msgKey: "sampleText", msgParam: '{"content":"hello"}' }),
    });
    expect(response.status).toBe(200);
    expect(dingtalk.sent).toMatchObject([{ via: "robot-api", user: "staff-1", text: "hello" }]);
  });
});

interface Before extends Pick<Sandbox, "dingtalk"> {
  readonly bot: OfficialBot;
  readonly connection: DingtalkConnection;
}

async function expectGoodSuccessor(successor: DingtalkConnection, { connection, dingtalk, bot }: Before): Promise<void> {
  expect(successor.ticket).not.toBe(connection.ticket);
  expect(dingtalk.connections.map(({ id }) => id)).toEqual([successor.id]);
  dingtalk.say("staff-1", "still there?");
  const { messageId, message } = await bot.next();
  expect(message).toMatchObject({ text: { content: "still there?" } });
  bot.client.socketCallBackResponse(messageId, null);
  expect(await dingtalk.nextAck()).toMatchObject({ connection: successor.id, counts: true });
}
