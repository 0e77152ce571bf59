import { describe, expect, it } from "vitest";
import type { Exchange } from "./exchange.ts";
import { startHttpServer } from "../fixtures/http-server.ts";
import { createTransport } from "./http-transport.ts";
import { RemoteUrlRefusal } from "./remote-url.ts";

const call = (url: string, lookup: Exchange["lookup"]): Exchange => ({
  method: "POST",
  url: new URL(url),
  proxy: "direct",
  headers: {},
  maxBodyBytes: 1_000,
  lookup,
});

describe("createTransport", () => {
  it("connects to the address that the look-up gives", async () => {
    await using server = await startHttpServer((_request, response) => response.end("ok"));
    const transport = createTransport({ channel: "test" });
    const answer = await transport.exchange(
      call(`http://files.invalid:${server.port}/x`, (_host, _options, callback) => callback(null, [{ address: "127.0.0.1", family: 4 }])),
      new AbortController().signal,
    );
    expect(answer).toMatchObject({ status: 200, statusText: "OK" });
    expect(server.seen[0]?.headers.host).toBe(`files.invalid:${server.port}`);
  });

  it("passes on that the look-up refuses an address: trying again would not help", async () => {
    const refusal = new RemoteUrlRefusal("no");
    const exchange = createTransport({ channel: "test" }).exchange(
      call("http://files.invalid/x", (_host, _options, callback) => callback(refusal, [])),
      new AbortController().signal,
    );
    await expect(exchange).rejects.toBe(refusal);
  });
});
