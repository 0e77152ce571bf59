import { once } from "node:events";
import { onTestFinished } from "vitest";
import { WebSocket } from "ws";
import type { QqConnection } from "../platforms/qq/connections.ts";
import type { Sandbox } from "../sandbox.ts";

/** A frame as a client reads it. */
export interface QqFrame {
  readonly op: number;
  readonly s?: number;
  readonly t?: string;
  readonly id?: string;
  readonly d?: unknown;
}

/** A client of the gateway of a few lines, written from the sheet. */
export interface QqPeer {
  readonly socket: WebSocket;
  /** The platform's side of it. */
  readonly connection: QqConnection;
  /** The next text as it came, in order. */
  nextText(): Promise<string>;
  /** The next frame, parsed. */
  next(): Promise<QqFrame>;
  /** The fields of the next dispatch's `d`. */
  nextMessage(): Promise<Record<string, unknown>>;
  /** Sends an object as JSON, or anything as it is. */
  send(frame: object | string | Uint8Array): void;
  /** The code that it is closed with. */
  closeCode(): Promise<number>;
}

/** An answer to a call. */
export interface QqAnswer {
  readonly status: number;
  readonly json: Record<string, unknown>;
}

/** What a client asks for unless told otherwise: private chats and groups. */
export const INTENTS: number = 1 << 25;

/** Asks for an access token. */
export async function askToken({ qq }: Sandbox, overrides: Readonly<Record<string, unknown>> = {}): Promise<QqAnswer> {
  return call(`${qq.url}/app/getAppAccessToken`, { appId: qq.appId, clientSecret: qq.appSecret, ...overrides });
}

/** A good access token. */
export async function tokenOf(sandbox: Sandbox): Promise<string> {
  return String((await askToken(sandbox)).json["access_token"]);
}

/** Opens a connection that ends with the running test; it has read Hello, and nothing more. */
export async function openPeer(sandbox: Sandbox): Promise<QqPeer> {
  const socket = new WebSocket(`${sandbox.qq.url.replace("http", "ws")}/websocket/`);
  onTestFinished(() => socket.terminate());
  socket.on("error", () => undefined);
  const arrived: string[] = [];
  socket.on("message", (data: Buffer) => {
    arrived.push(data.toString());
    socket.emit("arrived");
  });
  const closed = once(socket, "close") as Promise<[number]>;
  await once(socket, "open");
  const connection = await sandbox.qq.nextConnection();
  const nextText = async (): Promise<string> => {
    while (arrived.length === 0) await once(socket, "arrived");
    return arrived.shift() ?? "";
  };
  const next = async (): Promise<QqFrame> => JSON.parse(await nextText()) as QqFrame;
  return {
    socket,
    connection,
    nextText,
    next,
    nextMessage: async () => (await next()).d as Record<string, unknown>,
    send: (frame) => socket.send(typeof frame === "string" || frame instanceof Uint8Array ? frame : JSON.stringify(frame)),
    closeCode: async () => (await closed)[0],
  };
}

/** The same, identified: it has read READY, and tells the session's id. */
export async function connectPeer(sandbox: Sandbox, overrides: Readonly<Record<string, unknown>> = {}): Promise<QqPeer & { readonly session: string }> {
  const peer = await openPeer(sandbox);
  await peer.next();
  peer.send({ op: 2, d: { token: `QQBot ${await tokenOf(sandbox)}`, intents: INTENTS, shard: [0, 1], ...overrides } });
  const ready = await peer.nextMessage();
  return { ...peer, session: String(ready["session_id"]) };
}

/** The same, resumed: what comes next is the replay. */
export async function resumePeer(sandbox: Sandbox, session: string, seq: number): Promise<QqPeer> {
  const peer = await openPeer(sandbox);
  await peer.next();
  peer.send({ op: 6, d: { token: `QQBot ${await tokenOf(sandbox)}`, session_id: session, seq } });
  return peer;
}

/** A caller of the API with a good access token. */
export async function openCaller(sandbox: Sandbox): Promise<(path: string, body?: unknown, method?: string) => Promise<QqAnswer>> {
  const authorization = `QQBot ${await tokenOf(sandbox)}`;
  return (path, body, method) => call(`${sandbox.qq.url}${path}`, body, { headers: { authorization }, ...(method === undefined ? {} : { method }) });
}

/** Calls with JSON, or without a body, and reads JSON. */
export async function call(url: string, body?: unknown, { method = body === undefined ? "GET" : "POST", headers = {} }: { readonly method?: string; readonly headers?: Readonly<Record<string, string>> } = {}): Promise<QqAnswer> {
  const response = await fetch(url, {
    method, headers: { "content-type": "application/json", ...headers },
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, json: (text === "" ? {} : JSON.parse(text)) as Record<string, unknown> };
}
