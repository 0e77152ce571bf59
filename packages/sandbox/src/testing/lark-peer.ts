import { once } from "node:events";
import { onTestFinished } from "vitest";
import { WebSocket } from "ws";
import type { LarkControl } from "../platforms/lark/api.ts";
import type { LarkConnection } from "../platforms/lark/connections.ts";
import { CONTROL, decodeFrame, encodeFrame, headerOf, type LarkFrame } from "../platforms/lark/frame.ts";

/** An event in its envelope, as far as tests look into it. */
export interface PeerEvent {
  readonly schema: string;
  readonly header: Readonly<Record<string, string>>;
  readonly event: { readonly sender: Readonly<Record<string, unknown>>; readonly message: Readonly<Record<string, unknown>> };
}

/** A long connection of a few lines, written from the sheet. */
export interface LarkPeer {
  readonly socket: WebSocket;
  /** The platform's side of it. */
  readonly connection: LarkConnection;
  /** The next binary message as it came, in order. */
  nextBytes(): Promise<Uint8Array>;
  nextFrame(): Promise<LarkFrame>;
  send(frame: LarkFrame): void;
  ping(): void;
  /** Sends a frame back as clients do. */
  ack(frame: LarkFrame, payload?: Readonly<Record<string, unknown>>): void;
}

/** What a request for an endpoint gives. */
export interface Endpoint {
  readonly code: number;
  readonly msg: string;
  readonly data: { readonly URL: string; readonly ClientConfig: Readonly<Record<string, number>> };
}

/** Asks for an endpoint. */
export async function discover({ url, credentials }: LarkControl, overrides: Readonly<Record<string, unknown>> = {}): Promise<Endpoint> {
  const body = { AppID: credentials.appId, AppSecret: credentials.appSecret, ...overrides };
  return (await postJson(`${url}/callback/ws/endpoint`, body)).json as unknown as Endpoint;
}

/** Opens a connection that ends with the running test. */
export async function connectLark(platform: LarkControl, url?: string): Promise<LarkPeer> {
  const socket = new WebSocket(url ?? (await discover(platform)).data.URL);
  onTestFinished(() => socket.terminate());
  socket.on("error", () => undefined);
  const arrived: Buffer[] = [];
  socket.on("message", (data: Buffer) => {
    arrived.push(data);
    socket.emit("arrived");
  });
  await once(socket, "open");
  const connection = await platform.nextConnection();
  const nextBytes = async (): Promise<Uint8Array> => {
    while (arrived.length === 0) await once(socket, "arrived");
    return arrived.shift() ?? new Uint8Array();
  };
  const send = (frame: LarkFrame): void => socket.send(encodeFrame(frame));
  return {
    socket,
    connection,
    nextBytes,
    nextFrame: async () => decodeFrame(await nextBytes()),
    send,
    ping: () => send({ seqId: 0n, logId: 0n, service: connection.serviceId, method: CONTROL, headers: [{ key: "type", value: "ping" }] }),
    ack: (frame, payload = { code: 200 }) =>
      send({ ...frame, headers: [...frame.headers, { key: "biz_rt", value: "1" }], payload: Buffer.from(JSON.stringify(payload)) }),
  };
}

/** What a frame carries, parsed. */
export function eventOf({ payload = new Uint8Array() }: LarkFrame): PeerEvent {
  return JSON.parse(Buffer.from(payload).toString()) as PeerEvent;
}

/** A frame's headers by their keys. */
export function headersOf(frame: LarkFrame): Readonly<Record<string, string>> {
  return Object.fromEntries(frame.headers.map(({ key }) => [key, headerOf(frame, key) ?? ""]));
}

/** Status and headers that a handshake is refused with. */
export async function refusalOf(url: string): Promise<{ readonly status: number | undefined; readonly headers: Readonly<Record<string, unknown>> }> {
  const socket = new WebSocket(url);
  socket.on("error", () => undefined);
  const [, response] = (await once(socket, "unexpected-response")) as [unknown, { statusCode?: number; headers: Record<string, unknown>; destroy: () => void }];
  response.destroy();
  return { status: response.statusCode, headers: response.headers };
}

/** Posts JSON and reads JSON. */
export async function postJson(url: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<{ status: number; json: Record<string, unknown> }> {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const response = await fetch(url, { method: "POST", headers: { "content-type": "application/json", ...headers }, body: text });
  return { status: response.status, json: (await response.json()) as Record<string, unknown> };
}

/** Asks for a tenant access token. */
export async function tokenOf({ url, credentials }: LarkControl): Promise<string> {
  const { json } = await postJson(`${url}/open-apis/auth/v3/tenant_access_token/internal`, { app_id: credentials.appId, app_secret: credentials.appSecret });
  return String(json["tenant_access_token"]);
}

/** A caller of the API with a fresh token; a path is what follows `/open-apis`. */
export async function larkCaller(platform: LarkControl): Promise<(method: string, path: string, body?: unknown) => Promise<{ status: number; json: Record<string, unknown> }>> {
  const authorization = `Bearer ${await tokenOf(platform)}`;
  return async (method, path, body) => {
    const init = { method, headers: { authorization, "content-type": "application/json" }, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
    const response = await fetch(`${platform.url}/open-apis${path}`, init);
    return { status: response.status, json: (await response.json()) as Record<string, unknown> };
  };
}
