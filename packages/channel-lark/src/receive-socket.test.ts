import { TransientError, textOf } from "@revka/core";
import { describe, expect, it } from "vitest";
import { acksOn, CARD_USE, dataFrame, envelope, framesOn, listenToPlatform, messageEvent } from "./listening.test-support.ts";
import { ROUTES } from "./platform.test-support.ts";

const DONE = '{"code":200}';
const AGAIN = '{"code":500}';
const ANSWERED = '{"code":200,"data":"e30="}';

describe("receiving over the long connection", () => {
  it("asks where to connect, connects, and hands over a message before it acks it (LARK-54, LARK-56, LARK-05)", async () => {
    const release = Promise.withResolvers<"accepted">();
    await using listening = await listenToPlatform({ answer: () => release.promise });
    const socket = await listening.connected();
    socket.send(dataFrame(envelope(messageEvent())));
    const message = await listening.next();
    expect([message.id, message.channel, textOf(message), message.sender.id, message.conversation]).toEqual(["om_1", "lark", "hello", "ou_friend", { id: "oc_1", kind: "direct" }]);
    expect(acksOn(socket)).toEqual([]);
    release.resolve("accepted");
    await listening.platform.until(() => acksOn(socket).length === 1);
    expect(acksOn(socket)).toEqual([`m-01 ${DONE}`]);
    expect(listening.platform.callsOf(ROUTES.discover)).toHaveLength(1);
    expect(listening.logger.text()).toContain("info Lark: WS connected");
  });

  it("echoes everything in its ack, and how long it took (LARK-56)", async () => {
    await using listening = await listenToPlatform();
    const socket = await listening.connected();
    socket.send(dataFrame(envelope(messageEvent()), { instance_id: "i-1" }));
    await listening.platform.until(() => acksOn(socket).length === 1);
    const ack = framesOn(socket).find(({ method }) => method === 1);
    expect(ack).toMatchObject({ seqId: 7n, logId: 300n });
    expect(ack?.headers.map(({ key, value }) => `${key}=${value}`)).toEqual(["type=event", "message_id=m-01", "sum=1", "seq=0", "trace_id=t-01", "instance_id=i-1", "biz_rt=0"]);
  });

  it("puts fragments together and acks once, on the one that completes them (LARK-57, LARK-56)", async () => {
    await using listening = await listenToPlatform();
    const socket = await listening.connected();
    const bytes = Buffer.from(JSON.stringify(envelope(messageEvent({ content: JSON.stringify({ text: "你好".repeat(100) }) }))));
    const at = bytes.indexOf(Buffer.from("你")) + 1;
    const parts = [bytes.subarray(0, at), bytes.subarray(at, at + 40), bytes.subarray(at + 40)];
    for (const seq of [2, 0, 1]) socket.send(dataFrame(parts[seq] ?? "", { sum: "3", seq: String(seq) }));
    expect(textOf(await listening.next())).toBe("你好".repeat(100));
    await listening.platform.until(() => acksOn(socket).length === 1);
    expect(framesOn(socket).at(-1)?.headers.find(({ key }) => key === "seq")?.value).toBe("1");
  });

  it("hands over a message once, however often and however framed it is delivered, and acks every delivery (LARK-58)", async () => {
    await using listening = await listenToPlatform();
    const socket = await listening.connected();
    const deliver = (id: string): void => socket.send(dataFrame(envelope(messageEvent(), { event_id: id }), { message_id: id }));
    deliver("m-1");
    await listening.next();
    deliver("m-2");
    await listening.clock.advance(1_800_000);
    await listening.platform.until(() => acksOn(socket).length === 2);
    const again = await listening.connected(listening.platform.sockets.length);
    again.send(dataFrame(envelope(messageEvent(), { event_id: "m-3" }), { message_id: "m-3" }));
    await listening.platform.until(() => acksOn(again).length === 1);
    expect([acksOn(socket), acksOn(again), listening.messages.length]).toEqual([[`m-1 ${DONE}`, `m-2 ${DONE}`], [`m-3 ${DONE}`], 1]);
  });

  it("refuses what the host cannot keep, so that it comes again", async () => {
    let calls = 0;
    await using listening = await listenToPlatform({ answer: () => (calls++ === 0 ? Promise.reject(new TransientError("disk full")) : Promise.resolve("accepted")) });
    const socket = await listening.connected();
    for (const id of ["m-1", "m-2"]) {
      socket.send(dataFrame(envelope(messageEvent()), { message_id: id }));
      await listening.next();
    }
    await listening.platform.until(() => acksOn(socket).length === 2);
    expect(acksOn(socket)).toEqual([`m-1 ${AGAIN}`, `m-2 ${DONE}`]);
    expect(listening.logger.text()).toContain("Lark: a message was not taken, leaving it to the platform");
  });

  it("answers within the platform's 3 s also while the host is slow, and takes the message only once (LARK-56)", async () => {
    const release = Promise.withResolvers<"accepted">();
    await using listening = await listenToPlatform({ answer: () => release.promise });
    const socket = await listening.connected();
    socket.send(dataFrame(envelope(messageEvent()), { message_id: "m-1" }));
    await listening.next();
    await listening.clock.advance(2_000);
    await listening.platform.until(() => acksOn(socket).length === 1);
    socket.send(dataFrame(envelope(messageEvent()), { message_id: "m-2" }));
    await listening.clock.untilPending(2);
    release.resolve("accepted");
    await listening.platform.until(() => acksOn(socket).length === 2);
    expect([acksOn(socket), listening.messages.length]).toEqual([[`m-1 ${AGAIN}`, `m-2 ${DONE}`], 1]);
  });

  it("goes on with everything else while a message waits", async () => {
    const release = Promise.withResolvers<"accepted">();
    await using listening = await listenToPlatform({ answer: ({ id }) => (id === "om_1" ? release.promise : Promise.resolve("accepted")) });
    const socket = await listening.connected();
    socket.send(dataFrame(envelope(messageEvent()), { message_id: "m-1" }));
    for (let index = 2; index <= 20; index += 1) {
      socket.send(dataFrame(envelope(messageEvent({ message_id: `om_${index}`, chat_id: `oc_${index}` })), { message_id: `m-${index}` }));
    }
    await listening.platform.until(() => acksOn(socket).length === 19);
    expect(acksOn(socket)).not.toContain(`m-1 ${DONE}`);
    release.resolve("accepted");
    await listening.platform.until(() => acksOn(socket).includes(`m-1 ${DONE}`));
  });

  it("keeps the order of a conversation", async () => {
    const releases = [Promise.withResolvers<"accepted">(), Promise.withResolvers<"accepted">()];
    let calls = 0;
    await using listening = await listenToPlatform({ answer: () => releases[calls++]?.promise ?? Promise.resolve("accepted") });
    const socket = await listening.connected();
    for (const id of ["om_1", "om_2", "om_3"]) socket.send(dataFrame(envelope(messageEvent({ message_id: id })), { message_id: id }));
    await listening.next();
    releases.forEach(({ resolve }) => resolve("accepted"));
    await listening.platform.until(() => acksOn(socket).length === 3);
    expect(listening.messages.map(({ id }) => id)).toEqual(["om_1", "om_2", "om_3"]);
  });

  it("answers the use of a card in its ack, whichever way it comes", async () => {
    await using listening = await listenToPlatform();
    const socket = await listening.connected();
    const use = (token: string): unknown => envelope({ ...CARD_USE, token }, { event_type: "card.action.trigger", event_id: token });
    socket.send(dataFrame(use("c-1"), { message_id: "m-1" }));
    socket.send(dataFrame(use("c-2"), { message_id: "m-2", type: "card" }));
    const actions = [await listening.next(), await listening.next()];
    expect(actions.map(({ parts }) => parts)).toEqual(Array(2).fill([{ kind: "action", action: "button", value: { choice: "yes" } }]));
    await listening.platform.until(() => acksOn(socket).length === 2);
    expect(acksOn(socket)).toEqual([`m-1 ${ANSWERED}`, `m-2 ${ANSWERED}`]);
  });

  it("acks what is of no use: other events, old ones, other types, foreign apps, what cannot be read", async () => {
    await using listening = await listenToPlatform();
    const socket = await listening.connected();
    const payloads: [string, unknown, Record<string, string>?][] = [
      ["other", envelope({}, { event_type: "im.message.message_read_v1" })],
      ["old", { uuid: "1", token: "t", type: "event_callback", event: { type: "message" } }],
      ["type", envelope(messageEvent()), { type: "news" }],
      ["foreign", envelope(messageEvent(), { app_id: "cli_other" })],
      ["no-json", Buffer.from("{not json")],
      ["no-event", envelope({ message: {} })],
      ["no-card", envelope({}, { event_type: "card.action.trigger" })],
      ["nothing", new Uint8Array(0)],
    ];
    for (const [id, payload, headers] of payloads) socket.send(dataFrame(payload, { message_id: id, ...headers }));
    await listening.platform.until(() => acksOn(socket).length === payloads.length);
    expect(acksOn(socket).filter((ack) => ack.endsWith(DONE)).length).toBe(payloads.length - 1);
    expect(acksOn(socket)).toContain(`no-card ${ANSWERED}`);
    expect(listening.messages).toEqual([]);
    expect(listening.logger.text()).toContain("Lark: ignoring an event of another app");
  });

  it("says once what it cannot read, and the connection lives", async () => {
    await using listening = await listenToPlatform();
    const socket = await listening.connected();
    const before = listening.logger.entries.length;
    for (let count = 0; count < 3; count += 1) {
      socket.send(new Uint8Array([0x08, 0x80]));
      socket.send(new Uint8Array(0));
      socket.sendText("hello");
      socket.send(dataFrame("", { sum: "0" }));
    }
    socket.send(dataFrame(envelope(messageEvent())));
    await listening.next();
    const complaints = listening.logger.entries.slice(before).filter(({ level }) => level === "warn" || level === "error");
    expect(complaints.map(({ fields }) => fields["problem"])).toEqual(["truncated at byte 2", "a required field is missing", "a text message", "a fragment that fits nowhere"]);
    expect(listening.channel.status().state).toBe("connected");
  });
});
