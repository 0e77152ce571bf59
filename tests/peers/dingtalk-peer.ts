import type { DingtalkControl, DingtalkPing, DingtalkPush, Fault, FrameFault, RecordedExchange, Sandbox } from "@revka/sandbox";
import type { HousePeer, HousePlatform, Malformed, Outage, Refusal } from "../house/peer.ts";

const REGISTER = "/v1.0/gateway/connections/open";
const CONNECT = "/connect";
const ROBOT = { type: "CALLBACK", topic: "/v1.0/im/bot/messages/get" } as const;

/** More than the 1 MiB that a channel takes in one frame. */
const OVERLARGE = "x".repeat(1_100_000);

/** DingTalk on the sandbox, for the house suite. */
export const dingtalkPeer: HousePeer = {
  name: "dingtalk",
  dropsRepeats: false,
  keepsForAbsent: false,
  platformIn,
  sends: {
    path: "/robot/sendBySession",
    refusals: [
      refusedWith("takes no more than 20 messages a minute", 130101, 60_000),
      refusedWith("finds the sending too fast", 410100, 60_000),
      refusedWith("is called too often by the app", 90018, 60_000),
      { title: "asks for patience with a status", fault: { kind: "answer", status: 429 }, retryAfterMs: 60_000 },
      refusedWith("is busy", -1),
      { title: "is out of service", fault: { kind: "answer", status: 503 } },
      { title: "is behind a gateway that does not reach it", fault: { kind: "answer", status: 502, body: "<h1>Bad Gateway</h1>" } },
    ],
  },
  outages: [
    {
      title: "is down",
      async begin(sandbox) {
        await sandbox.pause();
        return { met: Promise.resolve(), end: () => sandbox.resume() };
      },
    },
    {
      title: "refuses a secret that it accepted before",
      begin({ dingtalk, record }) {
        const { clientSecret } = dingtalk;
        dingtalk.acceptSecret("another secret");
        dropAll(dingtalk);
        return { met: record.take(({ answer }) => answer?.status === 401), end: () => dingtalk.acceptSecret(clientSecret) };
      },
    },
    {
      title: "refuses every ticket",
      begin({ dingtalk, record }) {
        dingtalk.behave({ ticketLifeMs: 0 });
        dropAll(dingtalk);
        return { met: record.take(({ path, answer }) => path === CONNECT && answer?.status === 401), end: () => dingtalk.behave({ ticketLifeMs: 90_000 }) };
      },
    },
    {
      title: "sends every client away after 90 s",
      begin({ dingtalk, frames }) {
        dingtalk.behave({ disconnectAfterMs: 90_000 });
        dingtalk.disconnect();
        return { met: frames.take(({ frame }) => frame === "SYSTEM disconnect"), end: () => dingtalk.behave({ disconnectAfterMs: 0 }) };
      },
    },
    unregistered("is over capacity", { kind: "answer", status: 503 }),
    unregistered("resets connections", { kind: "reset" }),
    unregistered("says that the app is not published", { kind: "answer", status: 400, body: '{"code":"appNotPublished","message":"no","requestid":"r-1"}' }),
    unregistered("punishes our address", { kind: "answer", body: '{"status":1111,"wait":5,"source":"x5","punish":"deny","uuid":"u-1"}' }),
    unregistered("is behind a proxy with a page of its own", { kind: "answer", status: 400, body: "<html>The plain HTTP request was sent to HTTPS port</html>" }),
    unregistered("forgets the ticket", { kind: "answer", body: '{"endpoint":"wss://example.com/connect"}' }),
    disturbed("drops connections", { kind: "reset" }),
    disturbed("closes connections", { kind: "close", code: 1011, reason: "internal error" }),
    disturbed("holds connections open and says nothing", { kind: "silence" }),
  ],
  malformed: [
    raw("garbage", "<html>no frame</html>"),
    raw("empty", ""),
    raw("half a frame", '{"specVersion":"1.0","type":"CALLBACK","headers":{"topic":"/v1.0/im/bot'),
    raw("garbage bytes", Uint8Array.from({ length: 256 }, (_, byte) => byte)),
    raw("a frame in bytes", Buffer.from('{"type":"SYSTEM","headers":{"topic":"ping","messageId":"m-1"},"data":"{}"}')),
    raw("a scalar", "42"),
    raw("a list", '[{"type":"SYSTEM"}]'),
    raw("null", "null"),
    raw("an object without anything", "{}"),
    raw("a frame with fields of wrong types", '{"type":"CALLBACK","headers":["topic"],"data":{"text":7}}'),
    raw("a ping without headers", '{"type":"SYSTEM"}'),
    raw("arrays within arrays", "[".repeat(100_000)),
    raw("a frame over the cap", JSON.stringify({ type: "CALLBACK", headers: { topic: ROBOT.topic, messageId: "m-1" }, data: OVERLARGE })),
    raw("of a type that nobody knows", '{"type":"RIDDLE","headers":{"topic":"*","messageId":"m-1"},"data":"{}"}'),
    pushed("of a topic that nobody subscribed to", { type: "CALLBACK", topic: "/v1.0/card/instances/callback", data: { outTrackId: "t-1" } }),
    pushed("an event that nobody wants", { type: "EVENT", topic: "*", data: { userId: ["user-1"] }, headers: { eventType: "user_add_org" } }),
    pushed("a message whose data are no JSON", { ...ROBOT, data: "{not json" }),
    pushed("a message with empty data", { ...ROBOT, data: "" }),
    pushed("a message that is a scalar", { ...ROBOT, data: "42" }),
    pushed("a message without anything", { ...ROBOT, data: {} }),
    pushed("a message without an id or a sender", { ...ROBOT, data: { msgtype: "text", text: { content: "hello" } }, headers: { messageId: undefined } }),
    pushed("a message with fields of wrong types", { ...ROBOT, data: { msgId: { $id: 1 }, senderStaffId: ["user-1"], conversationType: true, msgtype: 3, text: "hello", createAt: "yesterday" } }),
    pushed("a message without its content", { ...ROBOT, data: { msgId: "m-1", senderStaffId: "user-1", conversationId: "c-1", conversationType: "1", msgtype: "text", text: null } }),
  ],
};

function platformIn({ dingtalk, record }: Sandbox): HousePlatform {
  // What is not acknowledged comes again when the suite says so.
  dingtalk.behave({ redeliveries: 0 });
  return {
    sections: () => ({
      dingtalk: { clientId: dingtalk.clientId, clientSecret: dingtalk.clientSecret, baseUrl: dingtalk.url, allowedUsers: ["*"] },
    }),
    secrets: [dingtalk.clientSecret],
    async connected() {
      const before = { exchange: record.entries.at(-1)?.seq ?? 0, ping: dingtalk.pings.at(-1)?.seq ?? 0 };
      const isAlive = ({ seq, connection }: DingtalkPing): boolean => seq > before.ping && dingtalk.connections.some(({ id, state }) => id === connection && state === "open");
      const isOpening = ({ seq, path, answer }: RecordedExchange): boolean => seq > before.exchange && path === CONNECT && answer?.status === 101;
      const ping = (): void => dingtalk.ping();
      // Those that are open may be dead or about to end.
      ping();
      void record.next(isOpening).then(ping, () => undefined);
      while (!isAlive(await dingtalk.nextPong()));
    },
    say: (userId, text) => dingtalk.say(userId, text),
    redeliver: ({ id }) => void dingtalk.redeliver(id),
    answers() {
      const byUser = Map.groupBy(dingtalk.sent, ({ user }) => user);
      return new Map([...byUser].map(([user, sent]) => [user, sent.map(({ text }) => text)]));
    },
    nextAnswer: async (userId) => (await dingtalk.nextReply(userId)).text,
    insist: () => dingtalk.behave({ redeliverAfterMs: 200, redeliveries: 1_000 }),
    showRepeats: () => undefined, // it knows none
  };
}

/** Ends every connection, so that the next has to be registered. */
function dropAll({ connections }: DingtalkControl): void {
  for (const connection of connections) connection.reset();
}

/** Sends end with this errcode, and status 200. */
function refusedWith(title: string, errcode: number, retryAfterMs?: number): Refusal {
  const body = JSON.stringify({ errcode, errmsg: "not now" });
  return { title, fault: { kind: "answer", body }, ...(retryAfterMs !== undefined && { retryAfterMs }) };
}

/** Registrations end like this, and there is no connection from before. */
function unregistered(title: string, fault: Fault): Outage {
  return {
    title: `${title} where connections are registered`,
    begin({ dingtalk, faults }) {
      const handle = faults.add({ platform: "dingtalk", path: REGISTER, times: "always", fault });
      dropAll(dingtalk);
      return { met: handle.struck, end: () => handle.release() };
    },
  };
}

/** This happens to every connection with the next frame on it: a ping of either side within 30 s. */
function disturbed(title: string, fault: FrameFault): Outage {
  return {
    title,
    begin({ frameFaults }) {
      const handle = frameFaults.add({ platform: "dingtalk", times: "always", fault });
      return { met: handle.struck, end: () => handle.release() };
    },
  };
}

/** These are the bytes, or the text, of a frame. */
function raw(title: string, data: string | Uint8Array): Malformed {
  return { title, deliver: ({ dingtalk }) => dingtalk.connections.forEach((connection) => connection.sendRaw(data)) };
}

/** This is a frame's content. */
function pushed(title: string, push: DingtalkPush): Malformed {
  return { title, deliver: ({ dingtalk }) => dingtalk.connections.forEach(({ id }) => void dingtalk.push(push, { connection: id })) };
}
