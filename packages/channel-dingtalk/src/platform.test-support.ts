import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { acceptSocket, type SocketPeer } from "./socket-peer.test-support.ts";

/** One HTTP call as the platform saw it. */
export interface SeenCall {
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** An answer: status 200 unless it says otherwise; a string goes as it is, anything else as JSON. */
export interface TestAnswer {
  readonly status?: number;
  readonly body?: unknown;
  /** Ends the connection instead. */
  readonly isReset?: boolean;
  /** Never comes. */
  readonly isHanging?: boolean;
}

/** DingTalk on loopback, written from the protocol: tickets open one connection each, everything else answers as it is told. */
export interface TestPlatform extends AsyncDisposable {
  readonly url: string;
  readonly calls: readonly SeenCall[];
  /** Every connection to the stream so far. */
  readonly sockets: readonly SocketPeer[];
  /** The tickets of all handshakes, refused ones included. */
  readonly tickets: readonly string[];
  /** The next answers of a path, before its ordinary one. */
  answer(path: string, ...answers: readonly TestAnswer[]): void;
  /** The next handshakes get this status. */
  refuseHandshakes(count: number, status: number): void;
  /** The bodies posted to a path, parsed. */
  bodies(path: string): readonly unknown[];
  /** Resolves as soon as `isTrue`; asked after everything that happens. */
  until(isTrue: () => boolean): Promise<void>;
  /** Where messages say that answers go. */
  webhook(session?: string): string;
}

/** The paths of the sheet. */
export const PATHS = {
  open: "/v1.0/gateway/connections/open",
  token: "/v1.0/oauth2/accessToken",
  webhook: "/robot/sendBySession",
  person: "/v1.0/robot/oToMessages/batchSend",
  group: "/v1.0/robot/groupMessages/send",
  upload: "/media/upload",
  download: "/v1.0/robot/messageFiles/download",
} as const;

const NOT_FOUND: TestAnswer = { status: 404, body: { code: "NotFound", message: "no such path" } };
const ANSWERS: ReadonlyMap<string, TestAnswer> = new Map([
  [PATHS.token, { body: { accessToken: "access-token-1", expireIn: 7200 } }],
  [PATHS.webhook, { body: { errcode: 0, errmsg: "ok" } }],
  [PATHS.person, { body: { processQueryKey: "key-1" } }],
  [PATHS.group, { body: { processQueryKey: "key-1" } }],
  [PATHS.upload, { body: { errcode: 0, errmsg: "ok", media_id: "@media-1", type: "image" } }],
]);

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
  const tickets: string[] = [];
  const scripts = new Map<string, TestAnswer[]>();
  const refusals: number[] = [];
  const valid = new Set<string>();
  const { changed, until } = createWatch();
  const connections = new Set<Duplex>();

  function ordinaryAnswer(path: string): TestAnswer {
    if (path === PATHS.download) return { body: { downloadUrl: `${url}/blob/1.file` } };
    if (path !== PATHS.open) return ANSWERS.get(path) ?? (path.startsWith("/blob/") ? { body: "the file" } : NOT_FOUND);
    const ticket = `ticket ${valid.size + 1}+/=`;
    valid.add(ticket);
    return { body: { endpoint: `${url.replace("http", "ws")}/connect`, ticket } };
  }

  const server = createServer((request, response) => {
    void request.toArray().then((chunks: Buffer[]) => {
      const { pathname, searchParams } = new URL(request.url ?? "", "http://host");
      calls.push({ path: pathname, query: searchParams, headers: request.headers, body: Buffer.concat(chunks).toString() });
      const { status = 200, body = "", isReset, isHanging } = scripts.get(pathname)?.shift() ?? ordinaryAnswer(pathname);
      changed();
      if (isReset === true) request.socket.destroy();
      else if (isHanging !== true) response.writeHead(status).end(typeof body === "string" ? body : JSON.stringify(body));
    });
  });
  server.on("connection", (socket: Duplex) => {
    connections.add(socket);
    socket.once("close", () => connections.delete(socket));
  });
  server.on("upgrade", (request, socket: Duplex) => {
    const ticket = new URL(request.url ?? "", "http://host").searchParams.get("ticket") ?? "";
    tickets.push(ticket);
    const status = refusals.shift() ?? (valid.has(ticket) && tickets.filter((used) => used === ticket).length === 1 ? 101 : 401);
    if (status === 101) sockets.push(acceptSocket(request, socket, changed));
    else socket.end(`HTTP/1.1 ${status} No\r\nContent-Length: 0\r\n\r\n`);
    changed();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    url,
    calls,
    sockets,
    tickets,
    answer: (path, ...answers) => void scripts.set(path, [...(scripts.get(path) ?? []), ...answers]),
    refuseHandshakes: (count, status) => void refusals.push(...Array<number>(count).fill(status)),
    bodies: (path) => calls.filter((call) => call.path === path).map(({ body }): unknown => JSON.parse(body)),
    until,
    webhook: (session = "session-1") => `${url}${PATHS.webhook}?session=${session}`,
    async [Symbol.asyncDispose]() {
      server.close();
      for (const connection of connections) connection.destroy();
      if (server.listening) await once(server, "close");
    },
  };
}
