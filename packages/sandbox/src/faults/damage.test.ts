import { describe, expect, it } from "vitest";
import type { Fault } from "./fault.ts";
import type { Sandbox } from "../sandbox.ts";
import { createMochatPeer, type MochatPeer, type PeerAnswer, textTo } from "../testing/mochat-peer.ts";
import { openSandbox } from "../testing/open-sandbox.ts";

async function openHouse(fault?: Fault): Promise<{ sandbox: Sandbox; peer: MochatPeer }> {
  const sandbox = await openSandbox();
  if (fault !== undefined) sandbox.faults.add({ platform: "mochat", fault });
  return { sandbox, peer: createMochatPeer(sandbox) };
}

/** The system's code of a failed call, such as `ECONNRESET`. */
async function codeOf(call: Promise<PeerAnswer>): Promise<unknown> {
  return call.then((answer) => answer.status, (error: unknown) => {
    const cause = error instanceof Error ? error.cause : undefined;
    return cause instanceof Error && "code" in cause ? cause.code : error;
  });
}

describe("faults on the wire", () => {
  it.each<["before-body" | "before-work" | "after-work", number]>([["before-body", 0], ["before-work", 0], ["after-work", 1]])(
    "resets the connection %s, when %i messages are delivered", async (at, delivered) => {
      const { sandbox, peer } = await openHouse({ kind: "reset", at });
      expect(await codeOf(peer.send(textTo("u-1", "hello")))).toBe("ECONNRESET");
      expect(sandbox.mochat.sent).toHaveLength(delivered);
      expect(await sandbox.record.next(() => true)).toMatchObject({ fault: "reset", outcome: "dropped" });
      expect((await peer.send(textTo("u-1", "again"))).status).toBe(200);
    },
  );

  it("has read the body when it resets after it, and has not before", async () => {
    const { sandbox, peer } = await openHouse({ kind: "reset", at: "before-body" });
    sandbox.faults.add({ fault: { kind: "reset" } });
    await codeOf(peer.send(textTo("u-1", "one")));
    await codeOf(peer.send(textTo("u-1", "two")));
    expect(sandbox.record.entries.map(({ body }) => body.text)).toEqual(["", JSON.stringify(textTo("u-1", "two"))]);
  });

  it.each<["before-work" | "after-work", number]>([["before-work", 0], ["after-work", 1]])("hangs %s until it is released", async (at, delivered) => {
    const { sandbox, peer } = await openHouse();
    const hang = sandbox.faults.add({ fault: { kind: "hang", at } });
    const call = peer.send(textTo("u-1", "hello"));
    await hang.struck;
    expect(sandbox.mochat.sent).toHaveLength(delivered);
    expect(sandbox.record.entries).toMatchObject([{ outcome: "pending", fault: "hang" }]);
    hang.release();
    expect((await call).json).toMatchObject({ code: 0 });
    expect(sandbox.mochat.sent).toHaveLength(1);
  });

  it("drops a hanging request without doing its work when the client leaves", async () => {
    const { sandbox } = await openHouse();
    const hang = sandbox.faults.add({ fault: { kind: "hang" } });
    const stop = new AbortController();
    const call = fetch(`${sandbox.mochat.url}/api/message/send`, { method: "POST", body: "{}", signal: stop.signal });
    await hang.struck;
    stop.abort();
    await expect(call).rejects.toThrow();
    expect(await sandbox.record.next(() => true)).toMatchObject({ outcome: "dropped" });
  });

  it("delays, and ends the delay when it is released", async () => {
    const { sandbox, peer } = await openHouse();
    const delay = sandbox.faults.add({ fault: { kind: "delay", ms: 600_000 } });
    const call = peer.poll();
    await delay.struck;
    delay.release();
    expect((await call).status).toBe(200);
  });

  it("delays for the time given and goes on by itself", async () => {
    const { peer } = await openHouse({ kind: "delay", ms: 1, at: "after-work" });
    expect((await peer.poll()).status).toBe(200);
  });

  it("answers with a status, headers and body in place of the platform, which does nothing", async () => {
    const { sandbox, peer } = await openHouse({ kind: "answer", status: 429, headers: { "retry-after": "7" }, body: "slow down" });
    const response = await peer.health();
    expect([response.status, response.headers.get("retry-after"), await response.text()]).toEqual([429, "7", "slow down"]);
    sandbox.faults.add({ fault: { kind: "answer", status: 500 } });
    expect((await peer.send(textTo("u-1", "hello"))).status).toBe(500);
    expect(sandbox.mochat.sent).toEqual([]);
  });

  it("replaces the answer after the platform has done its work", async () => {
    const { sandbox, peer } = await openHouse({ kind: "answer", at: "after-work", headers: { "content-type": "text/html" }, body: "<html>" });
    expect(await peer.send(textTo("u-1", "hello"))).toMatchObject({ status: 200, text: "<html>" });
    expect(sandbox.mochat.sent).toHaveLength(1);
  });

  it("answers with bytes that are no text", async () => {
    const { peer } = await openHouse({ kind: "answer", base64: "/wD+" });
    const response = await peer.health();
    expect(Buffer.from(await response.arrayBuffer()).toString("hex")).toBe("ff00fe");
  });

  it("cuts the connection in the middle of the body", async () => {
    const { sandbox, peer } = await openHouse({ kind: "cut" });
    const response = await peer.health();
    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow();
    expect(sandbox.record.entries).toMatchObject([{ outcome: "dropped", answer: { status: 200 } }]);
  });

  it("truncates the body but not the HTTP around it", async () => {
    const { peer } = await openHouse({ kind: "truncate" });
    expect(await peer.poll()).toMatchObject({ status: 200, text: '{"code":0,"msg"', json: undefined });
  });

  it("gzips the body", async () => {
    const { peer } = await openHouse({ kind: "gzip" });
    const response = await peer.health();
    expect([response.headers.get("content-encoding"), await response.json()]).toEqual(["gzip", { status: "ok" }]);
  });

  it("puts a byte order mark before the body", async () => {
    const { sandbox, peer } = await openHouse({ kind: "bom" });
    const response = await peer.health();
    expect(Buffer.from(await response.arrayBuffer()).subarray(0, 4).toString("hex")).toBe("efbbbf7b");
    expect(sandbox.record.entries[0]?.answer?.body.text).toBe('\uFEFF{"status":"ok"}');
  });

  it("pads the body up to a size and leaves it valid", async () => {
    const { sandbox, peer } = await openHouse({ kind: "pad", bytes: 9 * 1024 * 1024 });
    expect(await peer.poll()).toMatchObject({ json: { code: 0 } });
    expect(sandbox.record.entries[0]?.answer?.body.bytes).toBe(9 * 1024 * 1024);
  });
});
