import type { Fault, FrameFault, QqConnection, QqControl, QqHeartbeat, Sandbox } from "@revka/sandbox";
import type { HousePeer, HousePlatform, Malformed, Outage, Refusal } from "../house/peer.ts";

const TOKEN = "/app/getAppAccessToken";
const GATEWAY = "/gateway/bot";
const SOCKET = "/websocket/";

/** More than the 8 MiB that a channel takes in one frame. */
const OVERLARGE = " ".repeat(8_388_609);

/** QQ on the sandbox, for the house suite. */
export const qqPeer: HousePeer = {
  name: "qq",
  dropsRepeats: true,
  // It replays to a session that is resumed, but nobody knows for how long.
  keepsForAbsent: false,
  platformIn,
  sends: {
    path: "/v2/users/*",
    refusals: [
      refusedWith("takes no more messages for now", 22009, 429),
      refusedWith("is called too often", 1100100, 200),
      { title: "asks for patience with a status", fault: { kind: "answer", status: 429 } },
      refusedWith("is busy", 50055001, 500),
      { title: "is out of service", fault: { kind: "answer", status: 503 } },
      { title: "is behind a gateway that does not reach it", fault: { kind: "answer", status: 502, body: "<h1>Bad Gateway</h1>" } },
      { title: "resets connections", fault: { kind: "reset" } },
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
      begin({ qq, record }) {
        const { appSecret } = qq;
        qq.acceptSecret("another secret");
        qq.revokeTokens();
        each(qq, (connection) => connection.close(4004));
        return { met: record.take(({ path, answer }) => path === TOKEN && answer?.body.text.includes("100016") === true), end: () => qq.acceptSecret(appSecret) };
      },
    },
    unreached("finds that tokens are asked for too often", TOKEN, { kind: "answer", body: '{"code":100001,"message":"too many requests"}' }),
    unreached("has no tokens", TOKEN, { kind: "answer", status: 500 }),
    unreached("does not tell its gateway", GATEWAY, { kind: "answer", status: 500 }),
    unreached("forgets its gateway's address", GATEWAY, { kind: "answer", body: '{"shards":1}' }),
    unreached("leads elsewhere", GATEWAY, { kind: "answer", body: '{"url":"ws://wss.example/websocket/"}' }),
    unreached("is behind a proxy with a page of its own", GATEWAY, { kind: "answer", status: 502, body: "<html>sign in</html>" }),
    unreached("resets handshakes", SOCKET, { kind: "reset" }),
    unreached("has no more sessions today", GATEWAY, { kind: "answer", body: '{"url":"ws://127.0.0.1:1/websocket/","shards":1,"session_start_limit":{"total":1000,"remaining":0,"reset_after":60000,"max_concurrency":1}}' }),
    disturbed("says no hello", "hello", { kind: "drop" }),
    disturbed("finds every session invalid", "dispatch R*", { kind: "replace", text: '{"op":9,"d":false}' }),
    disturbed("has an internal error", "hello", { kind: "close", code: 4900 }),
    disturbed("finds every connection expired", "hello", { kind: "close", code: 4009, reason: "Session timed out" }),
    disturbed("tells everybody to reconnect", "dispatch R*", { kind: "replace", text: '{"op":7}' }),
    disturbed("resets connections", "hello", { kind: "reset" }),
    disturbed("holds connections open and says nothing", "hello", { kind: "silence" }),
  ],
  malformed: [
    raw("garbage", "<html>no frame</html>"),
    raw("empty", ""),
    raw("half a frame", '{"op":0,"s":2,"t":"C2C_MESSAGE_CREATE","d":{"id":'),
    raw("garbage bytes", Uint8Array.from({ length: 256 }, (_, byte) => byte)),
    raw("a scalar", "42"),
    raw("a list", '[{"op":11}]'),
    raw("null", "null"),
    raw("an object without anything", "{}"),
    raw("a frame with fields of wrong types", '{"op":"0","s":"one","t":7,"d":[]}'),
    raw("arrays within arrays", "[".repeat(100_000)),
    raw("a frame over the cap", OVERLARGE),
    raw("of an opcode that nobody knows", '{"op":99,"d":{}}'),
    raw("a second hello", '{"op":10,"d":{"heartbeat_interval":1}}'),
    raw("a dispatch without a type", '{"op":0,"d":{}}'),
    event("an event that nobody wants", "GUILD_CREATE", { id: "g-1" }),
    event("a message that is a scalar", "C2C_MESSAGE_CREATE", 42),
    event("a message that is null", "C2C_MESSAGE_CREATE", null),
    event("a message without anything", "GROUP_AT_MESSAGE_CREATE", {}),
    event("a message without an id or a sender", "C2C_MESSAGE_CREATE", { content: "hello", timestamp: "2026-01-01T08:00:00+08:00" }),
    event("a message with fields of wrong types", "C2C_MESSAGE_CREATE", { id: { $id: 1 }, author: ["user-1"], content: 7, timestamp: [], attachments: "none" }),
    event("a message that nobody sent at a time that is none", "GROUP_AT_MESSAGE_CREATE", { id: "m-1", author: null, group_openid: 7, content: null, timestamp: "yesterday" }),
  ],
};

function platformIn({ qq }: Sandbox): HousePlatform {
  return {
    sections: () => ({ qq: { appId: qq.appId, appSecret: qq.appSecret, baseUrl: qq.url, allowedUsers: ["*"] } }),
    secrets: [qq.appSecret],
    async connected() {
      const before = qq.heartbeats.at(-1)?.seq ?? 0;
      const isAlive = ({ seq, connection }: QqHeartbeat): boolean => seq > before && qq.connections.some(({ id, state }) => id === connection && state === "ready");
      // Those that are open may be dead or about to end; one that is new beats as soon as its session stands.
      each(qq, (connection) => connection.beat());
      while (!isAlive(await qq.nextHeartbeat()));
    },
    say: (userId, text) => qq.say(userId, text),
    redeliver: ({ id }) => void qq.redeliver(id),
    answers() {
      const byUser = Map.groupBy(qq.sent, ({ user }) => user);
      return new Map([...byUser].map(([user, sent]) => [user, sent.map(({ text }) => text)]));
    },
    nextAnswer: async (userId) => (await qq.nextReply(userId)).text,
    insist: () => undefined, // a session that is resumed gets everything again that its client was not done with
    showRepeats: () => undefined, // the channel counts on the number of an answer
  };
}

/** Does this to every connection. */
function each({ connections }: QqControl, act: (connection: QqConnection) => void): void {
  for (const connection of connections) act(connection);
}

/** Sends end with this code. */
function refusedWith(title: string, code: number, status: number): Refusal {
  return { title, fault: { kind: "answer", status, body: JSON.stringify({ code, message: "not now" }) } };
}

/** Calls that lead to a new connection end like this, and there is none from before, nor a token. */
function unreached(title: string, path: string, fault: Fault): Outage {
  return {
    title,
    begin({ qq, faults }) {
      const handle = faults.add({ platform: "qq", path, times: "always", fault });
      if (path === TOKEN) qq.revokeTokens();
      each(qq, (connection) => (path === TOKEN ? connection.close(4004) : connection.reset()));
      return { met: handle.struck, end: () => handle.release() };
    },
  };
}

/** This happens to a frame of every new connection, and there is none from before. */
function disturbed(title: string, frame: string, fault: FrameFault): Outage {
  return {
    title,
    begin({ qq, frameFaults }) {
      const handle = frameFaults.add({ platform: "qq", direction: "out", frame, times: "always", fault });
      each(qq, (connection) => connection.reset());
      return { met: handle.struck, end: () => handle.release() };
    },
  };
}

/** These are the bytes, or the text, of a frame. */
function raw(title: string, data: string | Uint8Array): Malformed {
  return { title, deliver: ({ qq }) => each(qq, (connection) => connection.sendRaw(data)) };
}

/** This is what an event says. */
function event(title: string, t: string, d: unknown): Malformed {
  return { title, deliver: ({ qq }) => qq.push({ t, d, id: `${t}:1` }) };
}
