import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

/** A request as the bridge read it, body included. */
export interface BridgeRequest {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A Mochat bridge of the test's own, on loopback. */
export interface TestBridge {
  readonly url: string;
  readonly requests: readonly BridgeRequest[];
  close(): Promise<void>;
}

/** Starts a bridge that gives every request to `respond`. */
export async function startBridge(respond: (response: ServerResponse, request: BridgeRequest) => void): Promise<TestBridge> {
  const requests: BridgeRequest[] = [];
  const server = createServer((incoming, response) => {
    void text(incoming).then((body) => {
      const request = { method: incoming.method ?? "", path: incoming.url ?? "", headers: incoming.headers, body };
      requests.push(request);
      respond(response, request);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Answers with a status and a body: text as it is, anything else as JSON. */
export function reply(response: ServerResponse, status: number, body: unknown = "", headers: Readonly<Record<string, string>> = {}): void {
  response.writeHead(status, headers).end(typeof body === "string" ? body : JSON.stringify(body));
}
