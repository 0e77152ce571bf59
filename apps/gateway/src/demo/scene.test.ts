import type { Channel, OutboundMessage } from "@revka/core";
import { createManualClock } from "@revka/core/testing";
import type { SandboxClient, SandboxReply, Speaker } from "@revka/sandbox";
import { describe, expect, it } from "vitest";
import { playScene, type Exchange } from "./scene.ts";

type Answering = (text: string) => readonly string[];

const SPEAKERS: readonly Speaker[] = [{ user: "user-1" }, { user: "user-2", group: "group-1" }];

/** A sandbox whose bot answers as it is told. */
function clientOf(answer: Answering, posted: readonly OutboundMessage[], scenes = SPEAKERS): SandboxClient {
  let said: string | undefined;
  const replies = (): SandboxReply[] => (said === undefined ? [] : answer(said).map((text, seq) => ({ seq, user: "user-1", text, at: 0 })));
  const refuse = (): Promise<never> => Promise.reject(new TypeError("the demo does not need this"));
  return {
    info: () => Promise.resolve({ url: "", platforms: [{ name: "test", url: "", settings: { section: "test", values: {} }, scenes }] }),
    say: (_platform, _speaker, text) => {
      said = typeof text === "string" ? text : "a picture";
      return Promise.resolve("m-1");
    },
    replies: () => Promise.resolve({ replies: replies(), cursor: 0 }),
    messages: () => Promise.resolve({ messages: posted.map(({ text }, seq) => ({ seq, key: "k", msgtype: "text", text, at: 0 })), cursor: 0 }),
    useWebhook: refuse,
    behave: refuse,
    addFault: refuse,
    addFrameFault: refuse,
    clearFaults: refuse,
    reset: refuse,
  };
}

function channelOf(receive: Channel["capabilities"]["receive"], posted: OutboundMessage[], mediaOut: Channel["capabilities"]["mediaOut"] = []): Channel {
  return {
    name: "test",
    displayName: "Test",
    capabilities: { receive, text: { limit: 100, unit: "chars" }, markdown: false, mediaIn: [], mediaOut, proactive: true, idempotentSend: false },
    listen: () => Promise.resolve(),
    send: (message) => {
      posted.push(message);
      return Promise.resolve({ messageIds: [] });
    },
    split: (text) => [text],
    checkHealth: () => Promise.resolve({ ok: true, latencyMs: 0 }),
    status: () => ({ state: "idle", since: 0, reconnects: 0 }),
  };
}

async function play(receive: "poll" | "none", answer: Answering, scenes = SPEAKERS, mediaOut?: Channel["capabilities"]["mediaOut"]): Promise<{ isAnswered: boolean; exchanges: Exchange[] }> {
  const posted: OutboundMessage[] = [];
  const exchanges: Exchange[] = [];
  const isAnswered = await playScene({
    client: clientOf(answer, posted, scenes),
    channel: channelOf(receive, posted, mediaOut),
    clock: createManualClock(),
    signal: new AbortController().signal,
    onExchange: (exchange) => exchanges.push(exchange),
  });
  return { isAnswered, exchanges };
}

describe("playScene", () => {
  it("talks to a channel that hears, as several people", async () => {
    const { isAnswered, exchanges } = await play("poll", (text) => [text]);
    expect(isAnswered).toBe(true);
    expect(new Set(exchanges.map(({ from, group }) => `${from} in ${group ?? "private"}`))).toEqual(new Set(["user-1 in private", "user-2 in group-1"]));
    expect(exchanges.every(({ said, arrived }) => arrived[0] === said)).toBe(true);
  });

  it.each([
    ["a picture", "![image.png](@1)", true],
    ["an excuse", "(attachment not sent: image)", false],
  ])("asks for a picture where the channel sends any, and gets %s", async (_title, shown, expected) => {
    const { isAnswered, exchanges } = await play("poll", (text) => [text === "picture" ? shown : text], SPEAKERS, ["image"]);
    expect(exchanges.at(-1)).toMatchObject({ from: "user-1", said: "picture", arrived: [shown] });
    expect(isAnswered).toBe(expected);
  });

  it("lets a channel that only sends speak first", async () => {
    const { isAnswered, exchanges } = await play("none", () => []);
    expect(isAnswered).toBe(true);
    expect(exchanges).toHaveLength(1);
  });

  it.each<[string, Answering]>([
    ["nothing", () => []],
    ["something else", () => ["what?"]],
  ])("tells when %s comes back", async (_title, answer) => {
    expect((await play("poll", answer)).isAnswered).toBe(false);
  });

  it("counts a platform on which nobody speaks as one without an answer", async () => {
    expect((await play("poll", (text) => [text], [])).isAnswered).toBe(false);
  });

  it("ends with the signal", async () => {
    const posted: OutboundMessage[] = [];
    const options = { client: clientOf(() => [], posted), channel: channelOf("poll", posted), clock: createManualClock(), onExchange: () => undefined };
    const reason = new RangeError("enough");
    await expect(playScene({ ...options, signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });
});
