import type { Fault, FrameFault, LarkConnection, LarkControl, LarkFrame, LarkHandshakeRefusal, Sandbox } from "@revka/sandbox";
import type { HousePeer, HousePlatform, Malformed, Outage } from "../house/peer.ts";
import { BAD_EVENTS, BAD_TEXTS } from "./lark-malformed.ts";
import { REFUSALS } from "./lark-refusals.ts";
import { talkOn } from "./lark-talk.ts";

const DISCOVERY = "/callback/ws/endpoint";
const SOCKET = "/ws/v2";

/** More than the 4 MiB that a channel takes in one frame. */
const OVERLARGE = new Uint8Array(4_194_305);

/** Lark over the long connection, on the sandbox, for the house suite. */
export const larkPeer: HousePeer = {
  name: "lark",
  dropsRepeats: true,
  keepsForAbsent: false,
  platformIn,
  sends: REFUSALS,
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
      begin({ lark, record }) {
        const { appSecret } = lark.credentials;
        lark.accept({ appSecret: "another secret" });
        lark.revokeTokens();
        each(lark, (connection) => connection.reset());
        return { met: record.take(({ path, answer }) => path === DISCOVERY && answer?.body.text.includes('"code":514') === true), end: () => lark.accept({ appSecret }) };
      },
    },
    {
      title: "wants no client to come again",
      begin({ lark, record }) {
        lark.behave({ reconnectCount: 0, connectionCount: 0 });
        each(lark, (connection) => connection.close(1001));
        return { met: record.take(({ path }) => path === DISCOVERY), end: () => lark.behave({ reconnectCount: -1, connectionCount: 50 }) };
      },
    },
    undiscovered("is busy", code(1, "system busy")),
    undiscovered("forbids the connection", code(403, "forbidden")),
    undiscovered("has an internal error", code(1_000_040_343, "internal error")),
    undiscovered("has too many connections", code(1_000_040_350, "the number of connections exceeded the limit")),
    undiscovered("gives a code that nobody knows", code(4_711, "no")),
    undiscovered("gives no endpoint", { kind: "answer", body: '{"code":0,"msg":"ok","data":null}' }),
    undiscovered("leads elsewhere without TLS", { kind: "answer", body: '{"code":0,"data":{"URL":"ws://ws.example/?device_id=1&service_id=2&ticket=t"}}' }),
    undiscovered("is behind a proxy with a page of its own", { kind: "answer", status: 502, body: "<html>sign in</html>" }),
    undiscovered("resets requests", { kind: "reset" }),
    unopened("resets handshakes", { kind: "reset" }),
    unopened("is over capacity", { kind: "answer", status: 503 }),
    unopened("finds every ticket invalid", refusal({ handshakeStatus: 514, authErrCode: 1_000_040_346 })),
    unopened("forbids handshakes", refusal({ handshakeStatus: 403 })),
    disturbed("resets connections", { kind: "reset" }),
    disturbed("closes connections", { kind: "close", code: 1011, reason: "internal error" }),
    disturbed("holds connections open and says nothing", { kind: "silence" }),
  ],
  malformed: [
    raw("a text message", "<html>no frame</html>"),
    raw("an empty frame", new Uint8Array()),
    raw("garbage bytes", Uint8Array.from({ length: 256 }, (_, byte) => byte)),
    raw("half a varint", Buffer.from("08ff", "hex")),
    raw("a frame without what every frame has", Buffer.from("0800", "hex")),
    raw("a frame over the cap", OVERLARGE),
    framed("of a method that nobody knows", { method: 7 }),
    framed("a pong that says nonsense", { method: 0, headers: [{ key: "type", value: "pong" }], payload: Buffer.from('{"PingInterval":-1,"ReconnectCount":"x"}') }),
    framed("of a type that nobody knows", { headers: headers({ type: "riddle", message_id: "m-1", sum: "1", seq: "0" }) }),
    ...["0", "-1", "1000000000", "many", ""].map((sum) => framed(`one of ${sum === "" ? "no" : sum} fragments`, { headers: headers({ type: "event", message_id: "m-1", sum, seq: "0" }) })),
    framed("a fragment behind the last", { headers: headers({ type: "event", message_id: "m-1", sum: "2", seq: "2" }) }),
    framed("one fragment alone", { headers: headers({ type: "event", message_id: "m-1", sum: "2", seq: "1" }) }),
    ...BAD_TEXTS.map(([title, text]) => framed(title, { payload: Buffer.from(text) })),
    ...BAD_EVENTS.map(([title, event]): Malformed => ({ title, deliver: ({ lark }) => void lark.push(event) })),
  ],
};

function platformIn({ lark }: Sandbox): HousePlatform {
  const { appId, appSecret } = lark.credentials;
  return {
    ...talkOn(lark, 250),
    sections: () => ({ lark: { appId, appSecret, baseUrl: lark.url, allowedUsers: ["*"] } }),
    secrets: [appSecret],
    connected: () => connected(lark),
  };
}

/** Asks every connection for an ack, those that are open, which may be dead, and those that come: a new one pings at once. */
async function connected(lark: LarkControl): Promise<void> {
  const asked = new Set<string>();
  const ask = (): void => each(lark, ({ id }) => asked.add(lark.push({ eventType: "im.chat.updated_v1", event: {} }, { connection: id }).id));
  const over = new AbortController();
  const askNewcomers = async (): Promise<never> => {
    for (;;) {
      await lark.nextPing(over.signal);
      ask();
    }
  };
  ask();
  askNewcomers().catch(() => undefined);
  for (;;) {
    const { id = "", counts } = await lark.nextAck();
    if (counts && asked.has(id)) break;
  }
  over.abort();
}

/** Does this to every connection. */
function each({ connections }: LarkControl, act: (connection: LarkConnection) => void): void {
  for (const connection of connections) act(connection);
}

function code(value: number, msg: string): Fault {
  return { kind: "answer", body: JSON.stringify({ code: value, msg, data: { URL: "", ClientConfig: {} } }) };
}

function refusal({ handshakeStatus, authErrCode }: LarkHandshakeRefusal): Fault {
  return { kind: "answer", status: 403, headers: { "handshake-status": String(handshakeStatus), ...(authErrCode !== undefined && { "handshake-autherrcode": String(authErrCode) }) } };
}

/** Requests for an endpoint end like this, and there is no connection from before. */
function undiscovered(title: string, fault: Fault): Outage {
  return unreached(`${title} where endpoints are asked for`, DISCOVERY, fault);
}

/** Handshakes do. */
function unopened(title: string, fault: Fault): Outage {
  return unreached(`${title} where connections are opened`, SOCKET, fault);
}

function unreached(title: string, path: string, fault: Fault): Outage {
  return {
    title,
    begin({ lark, faults }) {
      const handle = faults.add({ platform: "lark", path, times: "always", fault });
      each(lark, (connection) => connection.reset());
      return { met: handle.struck, end: () => handle.release() };
    },
  };
}

/** This happens to every connection with the next frame on it: a ping within two minutes. */
function disturbed(title: string, fault: FrameFault): Outage {
  return {
    title,
    begin({ frameFaults }) {
      const handle = frameFaults.add({ platform: "lark", times: "always", fault });
      return { met: handle.struck, end: () => handle.release() };
    },
  };
}

/** These are the bytes, or the text, of a WebSocket message. */
function raw(title: string, data: string | Uint8Array): Malformed {
  return { title, deliver: ({ lark }) => each(lark, (connection) => connection.sendRaw(data)) };
}

/** This is what a frame says. */
function framed(title: string, frame: Partial<LarkFrame>): Malformed {
  return { title, deliver: ({ lark }) => each(lark, (connection) => connection.sendFrame(frame)) };
}

function headers(values: Readonly<Record<string, string>>): LarkFrame["headers"] {
  return Object.entries(values).map(([key, value]) => ({ key, value }));
}
