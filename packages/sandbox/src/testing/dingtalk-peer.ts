import { once } from "node:events";
import { onTestFinished } from "vitest";
import { WebSocket } from "ws";
import type { DingtalkControl } from "../platforms/dingtalk/api.ts";
import type { DingtalkConnection } from "../platforms/dingtalk/connections.ts";
import type { DingtalkSaying } from "../platforms/dingtalk/say.ts";
import type { Sandbox } from "../sandbox.ts";

/** A frame as a client reads it. */
export interface PeerFrame {
  readonly specVersion?: string;
  readonly type: string;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly data: unknown;
}

/** A DingTalk stream client of a few lines, written from the sheet. */
export interface DingtalkPeer {
  readonly socket: WebSocket;
  /** The platform's side of it. */
  readonly connection: DingtalkConnection;
  /** The next text as it came, in order. */
  nextText(): Promise<string>;
  /** The next frame, parsed. */
  next(): Promise<PeerFrame>;
  /** Answers a frame as clients do. */
  ack(frame: PeerFrame, data?: unknown): void;
}

/** What a registration sends unless told otherwise. */
export function registrationOf({ clientId, clientSecret }: DingtalkControl): Record<string, unknown> {
  return { clientId, clientSecret, subscriptions: [{ type: "CALLBACK", topic: "/v1.0/im/bot/messages/get" }], ua: "peer/1" };
}

/** Registers a connection. */
export function register({ dingtalk }: Sandbox, overrides: Readonly<Record<string, unknown>> = {}, headers: Readonly<Record<string, string>> = { accept: "application/json" }): Promise<Response> {
  return fetch(`${dingtalk.url}/v1.0/gateway/connections/open`, {
    method: "POST", headers: { "content-type": "application/json", ...headers }, body: JSON.stringify({ ...registrationOf(dingtalk), ...overrides }),
  });
}

/** Where a fresh ticket leads. */
export async function endpointOf(sandbox: Sandbox, overrides?: Readonly<Record<string, unknown>>): Promise<string> {
  const { endpoint, ticket } = (await (await register(sandbox, overrides)).json()) as { endpoint: string; ticket: string };
  return `${endpoint}?ticket=${ticket}`;
}

/** Opens a connection that ends with the running test. */
export async function connectPeer(sandbox: Sandbox, overrides?: Readonly<Record<string, unknown>>, url?: string): Promise<DingtalkPeer> {
  const socket = new WebSocket(url ?? (await endpointOf(sandbox, overrides)));
  onTestFinished(() => socket.terminate());
  socket.on("error", () => undefined);
  const arrived: string[] = [];
  socket.on("message", (data: Buffer) => {
    arrived.push(data.toString());
    socket.emit("arrived");
  });
  await once(socket, "open");
  const connection = await sandbox.dingtalk.nextConnection();
  const nextText = async (): Promise<string> => {
    while (arrived.length === 0) await once(socket, "arrived");
    return arrived.shift() ?? "";
  };
  return {
    socket,
    connection,
    nextText,
    next: async () => JSON.parse(await nextText()) as PeerFrame,
    ack: ({ headers }, data = { response: null }) => {
      const { messageId } = headers;
      socket.send(JSON.stringify({ code: 200, message: "OK", headers: { messageId, contentType: "application/json" }, data: typeof data === "string" ? data : JSON.stringify(data) }));
    },
  };
}

/** The status that a handshake is refused with. */
export async function refusalOf(url: string): Promise<number | undefined> {
  const socket = new WebSocket(url);
  socket.on("error", () => undefined);
  const [, response] = (await once(socket, "unexpected-response")) as [unknown, { statusCode?: number; destroy: () => void }];
  response.destroy();
  return response.statusCode;
}

/** The object inside `data`. */
export function payloadOf({ data }: PeerFrame): Record<string, unknown> {
  return (typeof data === "string" ? JSON.parse(data) : data) as Record<string, unknown>;
}

/** Posts JSON and reads JSON. */
export async function postJson(url: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<{ status: number; json: Record<string, unknown> }> {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const response = await fetch(url, { method: "POST", headers: { "content-type": "application/json", ...headers }, body: text });
  return { status: response.status, json: (await response.json()) as Record<string, unknown> };
}

/** Says something in private and gives the webhook that came with it. */
export async function openWebhook(sandbox: Sandbox, peer: DingtalkPeer, saying: DingtalkSaying = {}): Promise<string> {
  sandbox.dingtalk.say("staff-1", "hello", saying);
  return String(payloadOf(await peer.next())["sessionWebhook"]);
}

/** A caller of the newer API with a fresh access token. */
export async function openCaller({ dingtalk }: Sandbox): Promise<(path: string, body: unknown) => Promise<{ status: number; json: Record<string, unknown> }>> {
  const { json } = await postJson(`${dingtalk.url}/v1.0/oauth2/accessToken`, { appKey: dingtalk.clientId, appSecret: dingtalk.clientSecret });
  return (path, body) => postJson(`${dingtalk.url}/v1.0${path}`, body, { "x-acs-dingtalk-access-token": String(json["accessToken"]) });
}
