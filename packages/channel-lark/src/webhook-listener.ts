import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { ConfigError, TransientError } from "@revka/core";
import { LIMITS } from "./limits.ts";
import { readBody } from "./webhook-body.ts";
import type { WebhookRequest } from "./webhook.ts";

/** What goes back for a request. */
export interface WebhookAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** @default "" */
  readonly body?: string;
}

/** Answers a request; never rejects. */
export type WebhookHandler = (request: WebhookRequest) => Promise<WebhookAnswer>;

/** Where somebody listens. */
export interface WebhookPlace {
  /** The instance. */
  readonly channel: string;
  readonly host: string;
  /** 0 takes any free one. */
  readonly port: number;
  readonly path: string;
}

/** One path of a listener; disposing of the last one closes the listener. */
export interface OpenPath extends AsyncDisposable {
  /** As bound. */
  readonly port: number;
  /** Resolves with the fault if the listener fails. */
  readonly failed: Promise<string>;
}

/** Listeners that channels share: one for each host and port, with as many paths as there are channels. */
export interface WebhookListeners {
  /**
   * Opens a path.
   * @throws TransientError when the port cannot be had, ConfigError when another channel has the path.
   */
  open(place: WebhookPlace, handler: WebhookHandler): Promise<OpenPath>;
}

type Handlers = Map<string, WebhookHandler>;

interface Listener {
  readonly handlers: Handlers;
  /** Resolves with the port. */
  readonly started: Promise<number>;
  readonly failed: Promise<string>;
  close(): Promise<void>;
}

/** Nobody listens yet. */
export function createWebhookListeners(): WebhookListeners {
  const listeners = new Map<string, Listener>();
  return {
    async open({ channel, host, port, path }, handler) {
      const key = `${host}:${port}`;
      const listener = listeners.get(key) ?? startListener(host, port);
      const { handlers, started, failed } = listener;
      if (handlers.has(path)) {
        const allowed = "a path that no other channel on this port has";
        throw new ConfigError([{ path: `channels_config.${channel}.path`, found: `"${path}"`, allowed }], { channel });
      }
      listeners.set(key, listener);
      handlers.set(path, handler);
      const dispose = async (): Promise<void> => {
        if (handlers.get(path) !== handler) return;
        handlers.delete(path);
        if (handlers.size > 0) return;
        if (listeners.get(key) === listener) listeners.delete(key);
        await listener.close();
      };
      try {
        return { port: await started, failed, [Symbol.asyncDispose]: dispose };
      } catch (error) {
        await dispose();
        const fault = error instanceof Error ? error.message : String(error);
        throw new TransientError(`Lark: cannot listen on ${key}: ${fault}`, { channel, cause: error });
      }
    },
  };
}

function startListener(host: string, port: number): Listener {
  const handlers: Handlers = new Map();
  let readingCount = 0;
  const server = createServer(
    {
      headersTimeout: LIMITS.webhookReadMs,
      requestTimeout: LIMITS.webhookReadMs,
      connectionsCheckingInterval: LIMITS.webhookCheckMs,
    },
    (request, response) => void respond(request, response),
  );
  server.maxConnections = LIMITS.webhookConnections;

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const handler = handlers.get(request.url?.replace(/\?.*$/s, "") ?? "");
    const refusal = refusalOf(request, handler, readingCount);
    if (refusal !== undefined || handler === undefined) {
      write(response, refusal ?? NOT_FOUND);
      return;
    }
    readingCount += 1;
    const body = await readBody(request, LIMITS.webhookBodyBytes);
    readingCount -= 1;
    if (body === "gone") return;
    const answer = body === "too-large" ? TOO_LARGE : await handler({ headers: request.headers, body: body.bytes });
    // A connection that outlived the answer would keep a listener open that is closing.
    response.shouldKeepAlive &&= server.listening;
    write(response, answer);
  }

  return {
    handlers,
    started: listen(server, host, port),
    failed: once(server, "error").then(([error]) => String(error)),
    close: () => close(server),
  };
}

const NOT_FOUND: WebhookAnswer = { status: 404 };
const TOO_LARGE: WebhookAnswer = { status: 413 };

/** What is refused before its body is read. */
function refusalOf({ method, headers }: IncomingMessage, handler: WebhookHandler | undefined, readingCount: number): WebhookAnswer | undefined {
  if (handler === undefined) return NOT_FOUND;
  if (method !== "POST") return { status: 405, headers: { allow: "POST" } };
  if (!/^application\/json\s*(?:;|$)/i.test(headers["content-type"] ?? "")) return { status: 415 };
  if (Number(headers["content-length"] ?? 0) > LIMITS.webhookBodyBytes) return TOO_LARGE;
  return readingCount >= LIMITS.webhookReading ? { status: 503 } : undefined;
}

/** A client that has left gets nothing, and nobody minds. */
function write(response: ServerResponse, { status, headers = {}, body = "" }: WebhookAnswer): void {
  response.writeHead(status, { ...headers, "content-length": Buffer.byteLength(body) }).end(body);
}

async function listen(server: Server, host: string, port: number): Promise<number> {
  server.listen(port, host);
  await once(server, "listening");
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : port;
}

/** Waits for answers that are under way, but not long. */
async function close(server: Server): Promise<void> {
  if (!server.listening) return;
  const closed = once(server, "close");
  server.close();
  const timer = setTimeout(() => server.closeAllConnections(), LIMITS.webhookCloseMs);
  await closed;
  clearTimeout(timer);
}
