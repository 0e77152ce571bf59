import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import type { ContractFault, ContractInbound, ContractPlatform } from "@revka/core/testing";

/** A Pigeon server on this machine, as the contract drives it. */
export interface PigeonServer extends ContractPlatform, ContractInbound, AsyncDisposable {
  readonly url: string;
  /** The first text that the bot said, as soon as it does. */
  readonly firstSent: Promise<string>;
}

/** Offers each message until it is acknowledged. */
export async function startPigeonServer(token: string): Promise<PigeonServer> {
  const messages = new Map<string, { readonly message: object; readonly ack: PromiseWithResolvers<undefined> }>();
  const acked = new Set<string>();
  const waiting = new Set<unknown>();
  const sent: string[] = [];
  const firstSent = Promise.withResolvers<string>();
  let fault: ContractFault | undefined;
  let open = 0;

  function acknowledge(id: string): void {
    acked.add(id);
    waiting.delete(messages.get(id)?.message);
    messages.get(id)?.ack.resolve(undefined);
  }

  function hear(text: string): object {
    sent.push(text);
    firstSent.resolve(text);
    return { id: `s-${sent.length}` };
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<object | number> {
    if (fault === "unauthorized" || request.headers.authorization !== `Bearer ${token}`) return 401;
    if (fault === "rate-limited") return 429;
    const body = request.method === "POST" ? ((await json(request)) as Readonly<Record<string, string>>) : {};
    switch (request.url) {
      case "/events": {
        const events = [...waiting];
        waiting.delete(GARBAGE);
        return { events };
      }
      case "/ack":
        acknowledge(body["id"] ?? "");
        return {};
      case "/say":
        if (fault === "answer-lost") response.destroy();
        return hear(body["text"] ?? "");
      default:
        return request.url === "/health" ? {} : 404;
    }
  }

  const server = createServer((request, response) => {
    open += 1;
    response.once("close", () => (open -= 1));
    void answer(request, response).then((result) => {
      response.statusCode = typeof result === "number" ? result : 200;
      response.end(typeof result === "number" ? "" : JSON.stringify(result));
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    sent: () => sent,
    firstSent: firstSent.promise,
    fail: (next) => void (fault = next),
    say(text, user) {
      const id = `m-${messages.size + 1}`;
      const message = { id, user, text };
      messages.set(id, { message, ack: Promise.withResolvers() });
      waiting.add(message);
      return Promise.resolve(id);
    },
    redeliver: (id) => Promise.resolve(void waiting.add(messages.get(id)?.message)),
    handled: async (id) => messages.get(id)?.ack.promise,
    isHandled: (id) => acked.has(id),
    garble: () => Promise.resolve(void waiting.add(GARBAGE)),
    openCount: () => open,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

const GARBAGE = "no message";
