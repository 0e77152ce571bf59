import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { connect, type AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { afterEach, describe, expect, it } from "vitest";
import { listenToPlatform } from "./listening.test-support.ts";

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

describe("a QQ channel with a proxy", () => {
  it("gets its token, connects, sends and fetches through it (QQ-10)", async () => {
    const proxy = await startProxy();
    await using listening = await listenToPlatform({ config: { proxyUrl: proxy.url } });
    const { channel, platform } = listening;
    await listening.connected();
    await channel.send({ target: { conversationId: "USER1" }, text: "hi" });
    await channel.download?.({ kind: "file", ref: { urls: [`${platform.url}/blob/1`] } }, { maxBytes: 100 });
    expect(proxy.targets.length).toBeGreaterThanOrEqual(3);
    expect(new Set(proxy.targets)).toEqual(new Set([new URL(platform.url).host]));
  });

  it("waits rather than go without it when it is gone (QQ-10)", async () => {
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
