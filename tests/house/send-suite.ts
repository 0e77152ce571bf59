import { createContext, type Channel, type SendReceipt } from "@revka/core";
import { createManualClock } from "@revka/core/testing";
import { startSandbox, type FaultHandle, type FaultRule, type Sandbox } from "@revka/sandbox";
import { describe, expect, it, onTestFinished } from "vitest";
import { drive } from "./drive.ts";
import { LOST_ANSWER } from "./peer.ts";
import type { SendPeer } from "./send-peer.ts";
import { texts } from "./talk.ts";

/** Registers the tests that every channel must pass that only sends: what it was given arrives once and in order, or it says what did not. */
export function sendSuite(peer: SendPeer): void {
  describe.each(peer.sends.refusals)(`when a send finds that ${peer.name} $title`, ({ fault, retryAfterMs = 0 }) => {
    it("the text waits as long as it is asked to, and those after it with it", async () => {
      const { channel, now, send, fail, posted } = await openPost(peer);
      const parts = threeParts(channel);
      const refused = fail({ skip: 1, times: 2, fault });
      const begunAt = now();
      await send(parts.join(""));
      expect(refused.hits).toBe(2);
      expect(now() - begunAt).toBeGreaterThanOrEqual(retryAfterMs);
      expect(posted()).toEqual(parts);
    });
  });

  describe(`a text that ${peer.name} does not take whole`, () => {
    it("says how much of it arrived, and keeps nothing else from being sent", async () => {
      const { channel, send, fail, posted } = await openPost(peer);
      const parts = threeParts(channel);
      const { fault, code } = peer.refusalForGood;
      fail({ skip: 1, fault });
      await expect(send(parts.join(""))).rejects.toMatchObject({ code, progress: { delivered: 1, total: 3 } });
      await send("afterwards");
      expect(posted()).toEqual([parts[0], "afterwards"]);
    });

    it("is not repeated where it is unknown what arrived", async () => {
      const { channel, send, fail, posted } = await openPost(peer);
      const parts = threeParts(channel);
      const lost = fail({ skip: 1, fault: LOST_ANSWER });
      await expect(send(parts.join(""))).rejects.toMatchObject({ code: "unknown-outcome", progress: { delivered: 1, total: 3 } });
      await send("afterwards");
      expect(lost.hits).toBe(1);
      expect(posted()).toEqual([parts[0], parts[1], "afterwards"]);
    });
  });

  describe(`more than ${peer.name} takes in its window`, () => {
    it("is held back so that nothing is refused, and goes out in order", async () => {
      const { sandbox, send, posted } = await openPost(peer);
      const { count, windowMs } = peer.rate;
      const all = texts(2 * count + 1);
      for (const text of all) await send(text);
      expect(posted()).toEqual(all);
      expect(sandbox.record.entries).toHaveLength(all.length);
      const times = peer.posted(sandbox).map(({ at }) => at);
      const spans = times.slice(count).map((at, index) => at - (times[index] ?? 0));
      expect(Math.min(...spans)).toBeGreaterThanOrEqual(windowMs);
    });
  });
}

interface Post {
  readonly sandbox: Sandbox;
  readonly channel: Channel;
  readonly now: () => number;
  /** Sends, and lets time pass meanwhile. */
  readonly send: (text: string) => Promise<SendReceipt>;
  readonly fail: (rule: Pick<FaultRule, "fault" | "skip" | "times">) => FaultHandle;
  readonly posted: () => readonly string[];
}

async function openPost(peer: SendPeer): Promise<Post> {
  const clock = createManualClock();
  const over = new AbortController();
  const sandbox = await startSandbox({ now: () => clock.now() });
  onTestFinished(async () => {
    over.abort();
    await sandbox.close();
  });
  const channel = peer.create(sandbox, createContext(peer.name, { clock }));
  return {
    sandbox,
    channel,
    now: () => clock.now(),
    send: (text) => drive(clock, channel.send({ target: peer.target, text }), over.signal),
    fail: (rule) => sandbox.faults.add({ platform: peer.name, path: peer.sends.path, ...rule }),
    posted: () => peer.posted(sandbox).map(({ text }) => text),
  };
}

/** The pieces of a text that takes three messages. */
function threeParts(channel: Channel): readonly string[] {
  const line = "one line of a long text\n";
  return channel.split(line.repeat(Math.floor((2.5 * channel.capabilities.text.limit) / line.length)));
}
