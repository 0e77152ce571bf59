import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { connect, type AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { afterEach, describe, expect, it } from "vitest";
import { dataFrame, envelope, listenToPlatform, messageEvent } from "./listening.test-support.ts";
import { ROUTES } from "./platform.test-support.ts";

const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** A proxy that knows `CONNECT` and leads everybody to where they want. */
async function startProxy(): Promise<{ readonly url: URL; readonly targets: readonly string[] }> {
  const targets: string[] = [];
  const server = createServer();
  server.on("connect", (request, client: Duplex) => {
    targets.push(request.url ?? "");
    const upstream = connect(Number(request.url?.split(":").at(-1)), "127.0.0.1", () => client.write("HTTP/1.1 200 OK\r\n\r\n"));
    client.on("error", () => upstream.destroy()).on("close", () => upstream.destroy());
    upstream.on("error", () => client.destroy()).pipe(client).pipe(upstream);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  servers.push(server);
  return { url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`), targets };
}

describe("a Lark channel with a proxy", () => {
  it("asks for its endpoint, connects and calls the API through it (LARK-25)", async () => {
    const proxy = await startProxy();
    await using listening = await listenToPlatform({ config: { proxyUrl: proxy.url } });
    const socket = await listening.connected();
    await listening.logged("Lark: resolved bot open_id");
    socket.send(dataFrame(envelope(messageEvent())));
    await listening.next();
    // One for the socket, at least one for the calls, and one for the discovery, whose client is its own.
    expect(proxy.targets.length).toBeGreaterThanOrEqual(3);
    expect(new Set(proxy.targets)).toEqual(new Set([new URL(listening.platform.url).host]));
    expect(listening.platform.callsOf(ROUTES.bot)).toHaveLength(1);
  });

  it("waits rather than go without it when it is gone (LARK-25)", async () => {
    const proxy = await startProxy();
    for (const server of servers.splice(0)) {
      server.close();
      await once(server, "close");
    }
    await using listening = await listenToPlatform({ config: { proxyUrl: proxy.url } });
    await listening.clock.untilPending(1);
    expect([listening.channel.status().state, listening.platform.calls]).toEqual(["backoff", []]);
  });
});
