import { describe, expect, it } from "vitest";
import { MAX_REQUEST_BYTES } from "../server/http-message.ts";
import { createMochatPeer, textTo } from "../testing/mochat-peer.ts";
import { handClock, openSandbox } from "../testing/open-sandbox.ts";

describe("the record", () => {
  it("keeps the request and the answer of every exchange", async () => {
    const sandbox = await openSandbox({ now: handClock(5_000).now });
    await fetch(`${sandbox.wecom.url}/cgi-bin/webhook/send?key=nobody`, { method: "POST", headers: { "X-Test": "yes" }, body: "{}" });
    expect(sandbox.record.entries).toMatchObject([{
      seq: 1,
      at: 5_000,
      platform: "wecom",
      method: "POST",
      path: "/cgi-bin/webhook/send",
      query: "?key=nobody",
      headers: { "x-test": "yes" },
      body: { text: "{}", bytes: 2 },
      inFlight: 1,
      outcome: "answered",
      answer: { at: 5_000, status: 200, headers: { "content-type": "application/json" } },
    }]);
    expect(sandbox.record.entries[0]?.answer?.body.text).toContain("93000");
  });

  it("keeps a request outside every platform, which is answered with 404", async () => {
    const sandbox = await openSandbox();
    expect((await fetch(`${sandbox.url}//api/health?x`)).status).toBe(404);
    expect(sandbox.record.entries).toMatchObject([{ platform: "", path: "//api/health", query: "?x", answer: { status: 404 } }]);
  });

  it("does not keep control requests", async () => {
    const sandbox = await openSandbox();
    await fetch(`${sandbox.url}/control/`);
    expect(sandbox.record.entries).toEqual([]);
  });

  it("keeps only the beginning of a large body, and its whole length", async () => {
    const sandbox = await openSandbox();
    await createMochatPeer(sandbox).send(textTo("u-1", "x".repeat(20_000)));
    expect(sandbox.record.entries[0]?.body.text).toHaveLength(16_384);
    expect(sandbox.record.entries[0]?.body.bytes).toBeGreaterThan(20_000);
  });

  it("refuses a body beyond its limit", async () => {
    const sandbox = await openSandbox();
    const response = await fetch(`${sandbox.mochat.url}/api/message/send`, { method: "POST", body: new Uint8Array(MAX_REQUEST_BYTES + 2 ** 20) });
    expect(response.status).toBe(413);
  });

  it("counts how many requests of a kind were under way at once", async () => {
    const sandbox = await openSandbox();
    const peer = createMochatPeer(sandbox);
    const hang = sandbox.faults.add({ fault: { kind: "hang" } });
    const first = peer.poll();
    await hang.struck;
    await peer.health();
    await peer.poll();
    hang.release();
    await first;
    await peer.poll();
    expect(sandbox.mochat.polls.map((poll) => poll.inFlight)).toEqual([1, 2, 1]);
    expect(sandbox.record.entries.find(({ path }) => path === "/api/health")?.inFlight).toBe(1);
  });

  it("offers an exchange to those who wait only when it is over", async () => {
    const sandbox = await openSandbox();
    const hang = sandbox.faults.add({ fault: { kind: "hang" } });
    const call = createMochatPeer(sandbox).poll();
    await hang.struck;
    const exchange = sandbox.record.next(({ path }) => path === "/api/message/receive");
    hang.release();
    expect((await exchange).answer?.status).toBe(200);
    await call;
  });

  it("gives one exchange to only one who takes", async () => {
    const sandbox = await openSandbox();
    const peer = createMochatPeer(sandbox);
    const takes = [sandbox.record.take(() => true), sandbox.record.take(() => true)];
    await peer.poll();
    await peer.health();
    expect((await Promise.all(takes)).map(({ path }) => path)).toEqual(["/api/message/receive", "/api/health"]);
  });
});
