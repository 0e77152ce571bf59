import { startSandbox, type LarkBehaviour, type LarkConnection, type LarkControl, type Sandbox } from "@revka/sandbox";
import { describe, expect, it, onTestFinished } from "vitest";
import { startOfficialBot, type OfficialBot, type OfficialEvent, type ProgramOptions } from "./official-bot.ts";

interface Connected {
  readonly sandbox: Sandbox;
  readonly lark: LarkControl;
  readonly bot: OfficialBot;
  readonly connection: LarkConnection;
}

async function openSandbox(): Promise<Sandbox> {
  const sandbox = await startSandbox();
  onTestFinished(() => sandbox.close());
  return sandbox;
}

async function openConnected(options?: ProgramOptions, behaviour: Partial<LarkBehaviour> = {}): Promise<Connected> {
  const sandbox = await openSandbox();
  const { lark } = sandbox;
  lark.behave({ reconnectNonceSecs: 0, reconnectIntervalSecs: 0.05, strictAcks: true, ...behaviour });
  const bot = await startOfficialBot(lark, options);
  return { sandbox, lark, bot, connection: await lark.nextConnection() };
}

const textOf = ({ message }: OfficialEvent): unknown => (JSON.parse(message.content) as { readonly text: unknown }).text;

describe.each(["lark", "feishu"] as const)("the official client on %s", (name) => {
  it("asks for an endpoint, connects, and pings at once", async () => {
    const { [name]: platform, record } = await openSandbox();
    await startOfficialBot(platform);
    const { id } = await platform.nextConnection();
    expect(record.entries[0]).toMatchObject({ path: "/callback/ws/endpoint", headers: { locale: "zh" }, answer: { status: 200 } });
    expect(await platform.nextPing()).toMatchObject({ connection: id, problems: [] });
  });

  it.each([["in private", undefined, "p2p"], ["in a group", "oc_team", "group"]])("receives and acknowledges what is said %s", async (_title, group, chatType) => {
    const { [name]: platform } = await openSandbox();
    const bot = await startOfficialBot(platform);
    const id = platform.say("ou_ann", "hello 你好", group === undefined ? {} : { group, mentions: [] });
    const event = await bot.next();
    expect(event).toMatchObject({ app_id: platform.credentials.appId, token: platform.credentials.verificationToken, sender: { sender_id: { open_id: "ou_ann", union_id: "on_ann" } } });
    expect(event.message).toMatchObject({ message_id: id, message_type: "text", chat_type: chatType });
    expect(textOf(event)).toBe("hello 你好");
    expect(await platform.nextAck()).toMatchObject({ id, code: 200, counts: true, problems: [] });
  });
});

describe("the official client on the long connection", () => {
  it.each([["in order", [0, 1, 2, 3]], ["backwards", [3, 2, 1, 0]], ["mixed and twice", [2, 0, 2, 3, 0, 1]]])("puts fragments together that come %s, and acknowledges them once", async (_title, fragmentOrder) => {
    const { lark, bot } = await openConnected();
    const text = "三字经 🙂 ".repeat(50);
    const id = lark.say("ou_ann", text, { fragments: 4, fragmentOrder });
    expect(textOf(await bot.next())).toBe(text);
    expect(await lark.nextAck()).toMatchObject({ id, counts: true, problems: [] });
    lark.say("ou_ann", "after");
    expect(textOf(await bot.next())).toBe("after");
    await lark.nextAck();
    expect(lark.acks).toHaveLength(2);
  });

  it("gets a message again that it failed to handle, and then no more", async () => {
    let tries = 0;
    const fail = (): unknown => {
      tries += 1;
      if (tries === 1) throw new Error("the disk is full");
      return undefined;
    };
    const { lark, bot } = await openConnected({ answer: fail }, { retryAfterMs: [20, 20, 20, 20] });
    const id = lark.say("ou_ann", "hello");
    const [first, second] = [await bot.next(), await bot.next()];
    expect(second.event_id).toBe(first.event_id);
    expect([await lark.nextAck(), await lark.nextAck()]).toMatchObject([{ id, code: 500, counts: false }, { id, code: 200, counts: true }]);
    expect(lark.deliveries.map(({ attempt, answeredAt }) => [attempt, answeredAt !== undefined])).toEqual([[1, false], [2, true]]);
  });

  it("answers the click on a card in its acknowledgement", async () => {
    const toast = { toast: { type: "success", content: "ok" } };
    const { lark, bot } = await openConnected({ answer: ({ event_type }) => (event_type === "card.action.trigger" ? toast : undefined) });
    const messageId = lark.say("ou_ann", "hello");
    await bot.next();
    const { eventId } = lark.click("ou_ann", messageId, { action: { value: { choice: "yes" } } });
    expect(await bot.next()).toMatchObject({ operator: { open_id: "ou_ann" }, action: { value: { choice: "yes" } }, context: { open_message_id: messageId } });
    await lark.nextAck();
    expect(await lark.nextAck()).toMatchObject({ eventId, code: 200, data: toast, problems: [] });
  });

  it("acknowledges an event that nobody handles, and leaves frames of the type card unanswered", async () => {
    const { lark, bot } = await openConnected();
    const { id } = lark.push({ eventType: "im.chat.disbanded_v1", event: {} });
    expect(await lark.nextAck()).toMatchObject({ id, code: 200, data: "no im.chat.disbanded_v1 event handle", counts: true });
    lark.push({ eventType: "card.action.trigger", event: {} }, { frame: "card" });
    lark.say("ou_ann", "hello");
    await bot.next();
    await lark.nextAck();
    expect(lark.acks).toHaveLength(2);
  });

  it.each([
    ["is closed", (connection: LarkConnection) => connection.close(1001)],
    ["is cut off", (connection: LarkConnection) => connection.terminate()],
    ["is reset", (connection: LarkConnection) => connection.reset()],
  ])("connects again by another URL when its connection %s", async (_title, end) => {
    const { lark, bot, connection } = await openConnected();
    end(connection);
    await bot.reconnected;
    const successor = await lark.nextConnection();
    expect(successor.ticket).not.toBe(connection.ticket);
    expect(successor.deviceId).not.toBe(connection.deviceId);
    const id = lark.say("ou_ann", "still there?");
    expect(textOf(await bot.next())).toBe("still there?");
    expect(await lark.nextAck()).toMatchObject({ id, connection: successor.id, counts: true });
  });

  it("takes the wait before it connects again from a pong", async () => {
    const { lark, bot, connection } = await openConnected(undefined, { reconnectNonceSecs: 3_600, pong: { PingInterval: 120, ReconnectCount: -1, ReconnectInterval: 0.05, ReconnectNonce: 0 } });
    await lark.nextPing();
    lark.say("ou_ann", "hello"); // what comes after the pong
    await bot.next();
    connection.close(1001);
    await bot.reconnected;
    expect(lark.connections).toHaveLength(1);
  });

  it.each([["that is wrong", 514], ["of an app that may not", 403], ["while there are too many connections", 1_000_040_350]])("gives up with a secret %s", async (_title, code) => {
    const { lark } = await openSandbox();
    lark.behave({ reconnectCount: 0 });
    lark.refuseEndpoint(code);
    await expect(startOfficialBot(lark)).rejects.toThrow();
    expect(lark.connections).toEqual([]);
  });
});
