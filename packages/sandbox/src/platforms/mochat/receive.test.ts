import { describe, expect, it } from "vitest";
import { createMochatPeer, type MochatPeer } from "../../testing/mochat-peer.ts";
import { handClock, openSandbox } from "../../testing/open-sandbox.ts";
import type { Sandbox } from "../../sandbox.ts";
import type { MochatBehaviour } from "./behaviour.ts";

/** A server with the messages m-1 … m-`count`. */
async function openHouse(count: number, behaviour: Partial<MochatBehaviour> = {}): Promise<{ sandbox: Sandbox; peer: MochatPeer }> {
  const sandbox = await openSandbox({ now: handClock().now });
  sandbox.mochat.behave(behaviour);
  for (let n = 1; n <= count; n += 1) sandbox.mochat.say(`u-${n}`, `text ${n}`);
  return { sandbox, peer: createMochatPeer(sandbox) };
}

async function idsOf(peer: MochatPeer, sinceId?: string): Promise<readonly string[]> {
  const { text } = await peer.poll(sinceId);
  return [...text.matchAll(/"messageId":"([^"]*)"/g)].map(([, id]) => id ?? "");
}

describe("GET /api/message/receive", () => {
  it("gives what users wrote, as the contract says", async () => {
    const { peer } = await openHouse(1);
    expect(await peer.poll()).toMatchObject({
      status: 200,
      text: '{"code":0,"msg":"ok","data":[{"messageId":"m-1","fromUserId":"u-1","msgType":"text","content":{"text":"text 1"},"timestamp":1790000000}]}',
    });
  });

  it("gives only what follows since_id", async () => {
    const { peer } = await openHouse(3);
    expect(await idsOf(peer)).toEqual(["m-1", "m-2", "m-3"]);
    expect(await idsOf(peer, "m-2")).toEqual(["m-3"]);
    expect(await idsOf(peer, "m-3")).toEqual([]);
    expect(await idsOf(peer, "")).toHaveLength(3);
  });

  it.each<[Partial<MochatBehaviour>, string | undefined, readonly string[]]>([
    [{ order: "newest-first" }, "m-1", ["m-4", "m-3", "m-2"]],
    [{ sinceId: "inclusive" }, "m-3", ["m-3", "m-4"]],
    [{ sinceId: "ignored", pageSize: 2 }, "m-1", ["m-3", "m-4"]],
    [{ sinceId: "ignored", unknownSinceId: 400 }, "nobody", ["m-1", "m-2", "m-3", "m-4"]],
    [{ pageSize: 2 }, undefined, ["m-1", "m-2"]],
    [{ pageSize: 2, order: "newest-first" }, "m-1", ["m-3", "m-2"]],
    [{ retention: 2 }, undefined, ["m-3", "m-4"]],
    [{}, "nobody", ["m-1", "m-2", "m-3", "m-4"]],
    [{ unknownSinceId: "empty" }, "nobody", []],
    [{ retention: 2, unknownSinceId: "empty" }, "m-1", []],
  ])("with %j after %s gives %j", async (behaviour, sinceId, expected) => {
    const { peer } = await openHouse(4, behaviour);
    expect(await idsOf(peer, sinceId)).toEqual(expected);
  });

  it.each([400, 404, 410] as const)("refuses an unknown since_id with %i when told to", async (status) => {
    const { peer } = await openHouse(1, { unknownSinceId: status });
    expect((await peer.poll("nobody")).status).toBe(status);
    expect((await peer.poll("m-1")).status).toBe(200);
    expect((await peer.poll()).status).toBe(200);
  });

  const M = { messageId: "m-1", fromUserId: "u-1", msgType: "text", content: { text: "text 1" }, timestamp: 1790000000 };
  it.each<[MochatBehaviour["shape"], unknown]>([
    ["R1", { code: 0, msg: "ok", data: [M], has_more: false }],
    ["R2", { messages: [M], has_more: false }],
    ["R3-messages", { code: 0, data: { messages: [M], has_more: false } }],
    ["R3-list", { code: 0, data: { list: [M], has_more: false } }],
    ["R4", [M]],
    ["R5", { code: 0, data: [], messages: [M], has_more: false }],
    ["R6", { data: null, messages: [M], has_more: false }],
    ["R7-code", { code: 0 }],
    ["R7-empty", {}],
    ["R7-null", { data: null }],
    ["R8", { code: 500, msg: "db down" }],
    ["R9-number", 42],
    ["R9-string", "ok"],
  ])("answers in the shape %s", async (shape, expected) => {
    const { peer } = await openHouse(1, { shape, hasMore: "has_more" });
    expect((await peer.poll()).json).toEqual(expected);
  });

  it("answers the shape R7-204 without a body", async () => {
    const { peer } = await openHouse(1, { shape: "R7-204" });
    expect(await peer.poll()).toMatchObject({ status: 204, text: "" });
  });

  it.each(["has_more", "hasMore"] as const)("tells with %s whether more messages wait", async (hasMore) => {
    const { peer } = await openHouse(3, { hasMore, pageSize: 2, receiveCode: "200" });
    expect((await peer.poll()).json).toMatchObject({ code: "200", [hasMore]: true });
    expect((await peer.poll("m-2")).json).toMatchObject({ [hasMore]: false });
  });

  it.each<[MochatBehaviour["ids"], string]>([["reserved", "a b&c=d-1"], ["big-number", "9007199254740993"], ["number", "1"]])(
    "finds a since_id of the kind %s", async (ids, first) => {
      const { sandbox, peer } = await openHouse(1, { ids });
      const second = sandbox.mochat.say("u-2", "two");
      const { text } = await peer.poll(first);
      expect(text).toContain("two");
      expect(text).not.toContain("text 1");
      expect((await peer.poll(second)).json).toMatchObject({ data: [] });
    },
  );

  it("repeats everything for a client that cannot name an id", async () => {
    const { sandbox, peer } = await openHouse(2, { ids: "missing" });
    expect(sandbox.mochat.say("u-3", "three")).toBe("");
    expect((await peer.poll()).json).toMatchObject({ data: [{ fromUserId: "u-1" }, { fromUserId: "u-2" }, { fromUserId: "u-3" }] });
    expect((await peer.poll()).text).not.toContain("messageId");
  });

  it("lets a message be overridden field by field, and takes any element as it is written", async () => {
    const { sandbox, peer } = await openHouse(0);
    sandbox.mochat.say("u-1", "hello", { messageId: undefined, id: "x-1", fromUserId: undefined, sender: 88, content: "hello", timestamp: undefined });
    sandbox.mochat.inject('{"id":9007199254740993}');
    sandbox.mochat.inject(17);
    expect((await peer.poll()).text).toContain('"data":[{"msgType":"text","content":"hello","id":"x-1","sender":88},{"id":9007199254740993},17]');
    expect((await peer.poll("9007199254740993")).json).toMatchObject({ data: [17] });
  });

  it("lists polls with their cursor, arrival, order and outcome, and gives each once", async () => {
    const { sandbox, peer } = await openHouse(0);
    await peer.poll();
    await peer.poll("a b&c=d");
    expect(sandbox.mochat.polls).toMatchObject([
      { sinceId: undefined, query: "", at: 1_790_000_000_000, status: 200, inFlight: 1 },
      { sinceId: "a b&c=d", query: "?since_id=a%20b%26c%3Dd", outcome: "answered" },
    ]);
    expect([await sandbox.mochat.nextPoll(), await sandbox.mochat.nextPoll()]).toMatchObject([{ sinceId: undefined }, { sinceId: "a b&c=d" }]);
  });
});
