import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { readFixture } from "@revka/core/testing";

/** One request as the server saw it. */
export interface SeenRequest {
  readonly method: string | undefined;
  /** Path and query, as sent. */
  readonly url: string | undefined;
  readonly contentType: string | undefined;
  readonly body: Buffer;
}

/** An answer; status 200 unless it says otherwise. */
export interface HttpAnswer {
  readonly status?: number;
  readonly body: string;
}

/** What the server does once it has read a request. */
export type Answer = HttpAnswer | "hang" | "reset";

/** A webhook on loopback that follows a script. */
export interface WebhookServer extends AsyncDisposable {
  readonly url: string;
  readonly requests: readonly SeenRequest[];
  /** The posted JSON bodies, as text. */
  readonly bodies: readonly string[];
  /** Resolves as soon as `count` requests have been read. */
  untilRequests(count: number): Promise<void>;
}

/** The answer in a fixture. */
export function answerOf(fixture: string): HttpAnswer {
  return { body: readFixture(import.meta.url, fixture).toString().trim() };
}

const OK = answerOf("answer-ok.json");

/** Starts a webhook that gives `script`'s answers in order, then success. */
export async function startWebhookServer(script: readonly Answer[] = []): Promise<WebhookServer> {
  const requests: SeenRequest[] = [];
  const watchers = new Set<() => void>();

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = Buffer.concat(await request.toArray());
    const { method, url, headers } = request;
    const next = script[requests.length] ?? OK;
    requests.push({ method, url, contentType: headers["content-type"], body });
    for (const watch of watchers) watch();
    if (next === "reset") request.socket.destroy();
    else if (next !== "hang") response.writeHead(next.status ?? 200).end(next.body);
  }

  const server = createServer((request, response) => void answer(request, response)).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    get bodies() {
      return requests.map(({ body }) => body.toString());
    },
    untilRequests: (count) =>
      new Promise((resolve) => {
        function watch(): void {
          if (requests.length < count) return;
          watchers.delete(watch);
          resolve();
        }
        watchers.add(watch);
        watch();
      }),
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

/** The address of a port where nobody listens. */
export async function closedUrl(): Promise<string> {
  await using server = await startWebhookServer();
  return server.url;
}
