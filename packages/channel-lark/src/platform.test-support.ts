import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { acceptSocket, type SocketPeer } from "./socket-peer.test-support.ts";

/** One HTTP call as the platform saw it. */
export interface SeenCall {
  /** Method and path: `"GET /open-apis/bot/v3/info"`. */
  readonly route: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** An answer: status 200 unless it says otherwise; bytes and strings go as they are, anything else as JSON. */
export interface TestAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Ends the connection instead. */
  readonly isReset?: boolean;
}

/** A refused handshake. */
export interface TestRefusal {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Lark on loopback, written from the protocol: an endpoint opens one connection, everything else answers as it is told. */
export interface TestPlatform extends AsyncDisposable {
  readonly url: string;
  readonly calls: readonly SeenCall[];
  /** Every long connection so far. */
  readonly sockets: readonly SocketPeer[];
  /** What further discoveries say about keeping the connection, in seconds. */
  clientConfig: Readonly<Record<string, unknown>>;
  /** The next answers of a route, before its ordinary one. */
  answer(route: string, ...answers: readonly TestAnswer[]): void;
  /** The next handshakes are refused so. */
  refuseHandshakes(...refusals: readonly TestRefusal[]): void;
  /** The calls of a route. */
  callsOf(route: string): readonly SeenCall[];
  /** Resolves as soon as `isTrue`; asked after everything that happens. */
  until(isTrue: () => boolean): Promise<void>;
}

/** The routes that receiving uses. */
export const ROUTES = {
  discover: "POST /callback/ws/endpoint",
  token: "POST /open-apis/auth/v3/tenant_access_token/internal",
  bot: "GET /open-apis/bot/v3/info",
} as const;

/** The number of every connection. */
export const SERVICE_ID = 33_554_678;

const NOT_FOUND: TestAnswer = { status: 404, body: "404 page not found" };

/** Lets tests wait for what happens. */
function createWatch(): Pick<TestPlatform, "until"> & { readonly changed: () => void } {
  const watchers = new Set<() => void>();
  return {
    changed: () => watchers.forEach((watch) => watch()),
    until: (isTrue) =>
      new Promise((resolve) => {
        function watch(): void {
          if (!isTrue()) return;
          watchers.delete(watch);
          resolve();
        }
        watchers.add(watch);
        watch();
      }),
  };
}

/** Starts one. */
export async function startPlatform(): Promise<TestPlatform> {
  const calls: SeenCall[] = [];
  const sockets: SocketPeer[] = [];
  const scripts = new Map<string, TestAnswer[]>();
  const refusals: TestRefusal[] = [];
  const unused = new Set<string>();
  const { changed, until } = createWatch();
  const connections = new Set<Duplex>();
  let given = 0;

  function ordinaryAnswer(route: string): TestAnswer {
    given += 1;
    if (route === ROUTES.token) return { body: { code: 0, msg: "ok", tenant_access_token: `t-token-${given}`, expire: 7200 } };
    if (route === ROUTES.bot) return { body: { code: 0, msg: "ok", bot: { open_id: "ou_bot", app_name: "Revka" } } };
    if (route !== ROUTES.discover) return NOT_FOUND;
    unused.add(`ticket-${given}`);
    const url = `${platform.url.replace("http", "ws")}/ws/v2?device_id=7&service_id=${SERVICE_ID}&ticket=ticket-${given}`;
    return { body: { code: 0, msg: "ok", data: { URL: url, ClientConfig: platform.clientConfig } } };
  }

  const server = createServer((request, response) => {
    void request.toArray().then((chunks: Buffer[]) => {
      const { pathname, searchParams } = new URL(request.url ?? "", "http://host");
      const route = `${request.method ?? ""} ${pathname}`;
      calls.push({ route, query: searchParams, headers: request.headers, body: Buffer.concat(chunks).toString() });
      const { status = 200, headers = {}, body = "", isReset } = scripts.get(route)?.shift() ?? ordinaryAnswer(route);
      changed();
      if (isReset === true) request.socket.destroy();
      else response.writeHead(status, { ...headers }).end(typeof body === "string" || body instanceof Uint8Array ? body : JSON.stringify(body));
    });
  });
  server.on("connection", (socket: Duplex) => {
    connections.add(socket);
    socket.once("close", () => connections.delete(socket));
  });
  server.on("upgrade", (request, socket: Duplex) => {
    const ticket = new URL(request.url ?? "", "http://host").searchParams.get("ticket") ?? "";
    const { status, headers = {} } = refusals.shift() ?? { status: unused.delete(ticket) ? 101 : 401 };
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    if (status === 101) sockets.push(acceptSocket(request, socket, changed));
    else socket.end(`HTTP/1.1 ${status} No\r\n${lines.join("")}Content-Length: 0\r\n\r\n`);
    changed();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");

  const platform: TestPlatform = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    sockets,
    clientConfig: { ReconnectCount: -1, ReconnectInterval: 120, ReconnectNonce: 0, PingInterval: 120 },
    answer: (route, ...answers) => void scripts.set(route, [...(scripts.get(route) ?? []), ...answers]),
    refuseHandshakes: (...given) => void refusals.push(...given),
    callsOf: (route) => calls.filter((call) => call.route === route),
    until,
    async [Symbol.asyncDispose]() {
      server.close();
      for (const connection of connections) connection.destroy();
      if (server.listening) await once(server, "close");
    },
  };
  return platform;
}
