import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { TransientError } from "@revka/core";

/** A request as a route sees it. */
export interface OpsRequest {
  readonly headers: IncomingMessage["headers"];
  /** The part of the path that `*` stood for. */
  readonly rest: string;
  /** Empty without one. */
  readonly body: string;
}

/** What a route answers. */
export interface OpsAnswer {
  readonly status: number;
  /** JSON, unless `contentType` says otherwise and this is text. */
  readonly body: unknown;
  readonly contentType?: string;
}

/** A method and a path; one `*` at its end stands for any rest. */
export interface OpsRoute {
  readonly method: "GET" | "POST";
  readonly path: string;
  /** Whether the caller has to prove who it is, before its body is read. */
  readonly needsToken?: boolean;
  /** The largest body; default 1 MiB. */
  readonly maxBodyBytes?: () => number;
  readonly answer: (request: OpsRequest) => OpsAnswer | Promise<OpsAnswer>;
}

/** A listener that is up. */
export interface OpsListener {
  /** `http://127.0.0.1:42617`. */
  readonly url: string;
  /** Cuts what is open. */
  close(): Promise<void>;
}

/** Where to listen, and what to answer. */
export interface OpsListenerOptions {
  readonly host: string;
  /** 0 takes any that is free. */
  readonly port: number;
  readonly routes: readonly OpsRoute[];
  /** Whether an `Authorization` header opens the routes that need a token. */
  readonly isAuthorized: (header: string | undefined) => boolean;
  /** A route threw. */
  readonly onError: (error: unknown) => void;
}

const MAX_BODY_BYTES = 1024 * 1024;
const MAX_CONNECTIONS = 64;
const REQUEST_TIMEOUT_MS = 10_000;

/**
 * A small HTTP server for operators: few connections, small bodies, short times.
 * @throws TransientError when the port cannot be had.
 */
export async function listenForOps({ host, port, routes, isAuthorized, onError }: OpsListenerOptions): Promise<OpsListener> {
  const server = createServer({ requestTimeout: REQUEST_TIMEOUT_MS, headersTimeout: REQUEST_TIMEOUT_MS, connectionsCheckingInterval: REQUEST_TIMEOUT_MS }, (request, response) => {
    respond(request, { routes, isAuthorized }).then(
      (answer) => write(response, answer),
      (error: unknown) => {
        onError(error);
        write(response, { status: 500, body: { error: "internal" } });
      },
    );
  });
  server.maxConnections = MAX_CONNECTIONS;
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error) => reject(new TransientError(`${host}:${port} cannot be listened on (${"code" in error ? String(error.code) : error.message})`)));
    server.listen(port, host, resolve);
  });
  const address = server.address() as AddressInfo; // it listens on a port, not on a pipe
  return {
    url: `http://${address.family === "IPv6" ? `[${address.address}]` : address.address}:${address.port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function respond(request: IncomingMessage, { routes, isAuthorized }: Pick<OpsListenerOptions, "routes" | "isAuthorized">): Promise<OpsAnswer> {
  const { pathname } = new URL(request.url ?? "/", "http://ops.invalid");
  const found = routes.flatMap((route) => {
    const rest = restOf(pathname, route.path);
    return rest === undefined ? [] : [{ route, rest }];
  });
  const match = found.find(({ route }) => route.method === request.method);
  if (match === undefined) return found.length > 0 ? { status: 405, body: { error: "method-not-allowed" } } : { status: 404, body: { error: "not-found" } };
  const { needsToken = false, maxBodyBytes } = match.route;
  if (needsToken && !isAuthorized(request.headers.authorization)) return { status: 401, body: { error: "unauthorized" } };
  const body = await readBody(request, maxBodyBytes?.() ?? MAX_BODY_BYTES);
  if (body === undefined) return { status: 413, body: { error: "too-large" } };
  return await match.route.answer({ headers: request.headers, rest: match.rest, body });
}

function restOf(pathname: string, path: string): string | undefined {
  if (!path.endsWith("*")) return pathname === path ? "" : undefined;
  const prefix = path.slice(0, -1);
  return pathname.startsWith(prefix) ? pathname.slice(prefix.length) : undefined;
}

async function readBody(request: IncomingMessage, maxBytes: number): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function write(response: ServerResponse, { status, body, contentType }: OpsAnswer): void {
  if (response.destroyed) return;
  const text = contentType === undefined ? `${JSON.stringify(body)}\n` : String(body);
  response.writeHead(status, { "content-type": contentType ?? "application/json; charset=utf-8", "cache-control": "no-store", connection: "close" });
  response.end(text);
}
