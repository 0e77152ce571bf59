import { once } from "node:events";
import { createServer } from "node:http";
import { connect, type AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { onTestFinished } from "vitest";

/** An HTTP proxy that wants a user and a password. */
export interface TestProxy {
  /** With both. */
  readonly url: URL;
  /** Whom it was asked to connect to, as `host:port`. */
  readonly targets: readonly string[];
  /** Ends every tunnel, and opens no more. */
  readonly cut: () => void;
}

const CREDENTIALS = "revka:pass%20word";

/** Starts a proxy on loopback; it is gone with the test. */
export async function startProxy(): Promise<TestProxy> {
  const targets: string[] = [];
  const tunnels = new Set<Duplex>();
  let isCut = false;
  const wanted = `Basic ${Buffer.from(decodeURIComponent(CREDENTIALS)).toString("base64")}`;
  const server = createServer().on("connect", (request, client: Duplex) => {
    client.on("error", () => undefined);
    if (isCut) {
      client.destroy();
      return;
    }
    if (request.headers["proxy-authorization"] !== wanted) {
      client.end("HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n");
      return;
    }
    const target = request.url ?? "";
    targets.push(target);
    const { hostname, port } = new URL(`http://${target}`);
    const upstream = connect(Number(port), hostname, () => client.write("HTTP/1.1 200 OK\r\n\r\n"));
    upstream.on("error", () => client.destroy());
    tunnels.add(client);
    client.on("close", () => {
      tunnels.delete(client);
      upstream.destroy();
    });
    upstream.pipe(client).pipe(upstream);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  onTestFinished(() => void server.close());
  const cut = (): void => {
    isCut = true;
    for (const tunnel of tunnels) tunnel.destroy();
  };
  return { targets, cut, url: new URL(`http://${CREDENTIALS}@127.0.0.1:${(server.address() as AddressInfo).port}`) };
}
