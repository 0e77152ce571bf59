import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { acceptSocket, type SocketPeer } from "./socket-peer.test-support.ts";

/** One HTTP call as the platform saw it. */
export interface SeenCall {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** An answer: status 200 unless it says otherwise; a string or bytes go as they are, anything else as JSON. */
export interface TestAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Ends the connection instead. */
  readonly isReset?: boolean;
  /** Never comes. */
  readonly isHanging?: boolean;
}

/** QQ on loopback, written from the protocol: it gives tokens and takes everything, unless it is told otherwise. */
export interface TestPlatform extends AsyncDisposable {
  readonly url: string;
  readonly calls: readonly SeenCall[];
  /** Every connection to the gateway so far. */
  readonly sockets: readonly SocketPeer[];
  /** The next answers of a path, before its ordinary one. */
  answer(path: string, ...answers: readonly TestAnswer[]): void;
  /** The bodies posted to a path, parsed. */
  bodies(path: string): readonly unknown[];
  /** How often a path was called. */
  count(path: string): number;
  /** Resolves as soon as `isTrue`; asked after everything that happens. */
  until(isTrue: () => boolean): Promise<void>;
}

/** The paths of the sheet, for one person and one group. */
export const PATHS = {
  token: "/app/getAppAccessToken",
  gatewayBot: "/gateway/bot",
  gateway: "/gateway",
  toUser: "/v2/users/USER1/messages",
  toGroup: "/v2/groups/GROUP1/messages",
  userFiles: "/v2/users/USER1/files",
  groupFiles: "/v2/groups/GROUP1/files",
} as const;

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
  const { changed, until } = createWatch();
  const connections = new Set<Duplex>();
  const count = (path: string): number => calls.filter((call) => call.path === path).length;

  function ordinaryAnswer(path: string): TestAnswer {
    if (path === PATHS.token) return { body: { access_token: `access-token-${count(path)}`, expires_in: "7200" } };
    if (path === PATHS.gateway) return { body: { url: `${url.replace("http", "ws")}/websocket/` } };
    if (path === PATHS.gatewayBot) {
      return { body: { url: `${url.replace("http", "ws")}/websocket/`, shards: 1, session_start_limit: { total: 1000, remaining: 997, reset_after: 43_200_000, max_concurrency: 1 } } };
    }
    if (path.endsWith("/messages")) return { body: { id: `out-${calls.length}`, timestamp: "2026-11-22T10:15:09+08:00", ext_info: { ref_idx: `REFIDX_out${count(path)}` } } };
    if (path.endsWith("/files")) return { body: { file_uuid: "u", file_info: `info-${calls.filter((call) => call.path.endsWith("/files")).length}`, ttl: 604_800, id: "" } };
    return path.startsWith("/blob/") ? { body: "the file" } : { status: 404, body: { message: "no such path", code: 404 } };
  }

  const server = createServer((request, response) => {
    void request.toArray().then((chunks: Buffer[]) => {
      const { pathname } = new URL(request.url ?? "", "http://host");
      calls.push({ path: pathname, headers: request.headers, body: Buffer.concat(chunks).toString() });
      const { status = 200, headers, body = "", isReset, isHanging } = scripts.get(pathname)?.shift() ?? ordinaryAnswer(pathname);
      changed();
      if (isReset === true) request.socket.destroy();
      else if (isHanging !== true) response.writeHead(status, headers).end(typeof body === "string" || body instanceof Uint8Array ? body : JSON.stringify(body));
    });
  });
  server.on("connection", (socket: Duplex) => {
    connections.add(socket);
    socket.once("close", () => connections.delete(socket));
  });
  server.on("upgrade", (request, socket: Duplex) => {
    sockets.push(acceptSocket(request, socket, changed));
    changed();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    url,
    calls,
    sockets,
    answer: (path, ...answers) => void scripts.set(path, [...(scripts.get(path) ?? []), ...answers]),
    bodies: (path) => calls.filter((call) => call.path === path).map(({ body }): unknown => JSON.parse(body)),
    count,
    until,
    async [Symbol.asyncDispose]() {
      server.close();
      for (const connection of connections) connection.destroy();
      if (server.listening) await once(server, "close");
    },
  };
}
