import { inspect } from "node:util";
import { createContext, type Channel } from "@revka/core";
import { createManualClock, recordingLogger, type ManualClock } from "@revka/core/testing";
import { startSandbox, type Sandbox } from "@revka/sandbox";
import { describe, expect, it, onTestFinished } from "vitest";
import { drive } from "../house/drive.ts";
import type { TestProxy } from "../support/proxy-server.ts";
import { watchArrivals, type Arrivals } from "./arrivals.ts";
import { KINDS } from "./kinds.ts";
import { SEND_PEERS, type ProxySendPeer } from "./peers.ts";
import { TROUBLES } from "./proxy-outages.ts";
import { createTimedClock } from "./timed-clock.ts";

const FILE = Buffer.from(`%PDF-1.7\n${"a long plan\n".repeat(30_000)}`);

interface Post {
  readonly sandbox: Sandbox;
  readonly channel: Channel;
  readonly arrivals: Arrivals;
  /** Sends, and lets time pass meanwhile; gives the error that it ends in. */
  readonly failureOf: (text: string) => Promise<unknown>;
  /** What the channel gave away, besides. */
  readonly given: () => string;
}

async function openPost({ name, create, target }: ProxySendPeer, proxy: TestProxy, clock: ManualClock = createManualClock()): Promise<Post> {
  const logger = recordingLogger();
  const sandbox = await startSandbox({ now: () => clock.now() });
  const over = new AbortController();
  onTestFinished(async () => {
    over.abort();
    await sandbox.close();
  });
  const channel = create(sandbox, proxy.url, createContext(name, { clock, logger }));
  return {
    sandbox,
    channel,
    arrivals: watchArrivals(Number(new URL(sandbox.url).port)),
    failureOf: (text) => drive(clock, channel.send({ target, text }).then(() => undefined, (error: unknown) => error), over.signal),
    given: () => `${logger.text()}\n${inspect(channel.status())}`,
  };
}

describe.each(KINDS)("a proxy_url of %s with user and password", (_kind, startProxy) => {
  describe.each(SEND_PEERS)("of $name, which only sends (GW-09, $rows)", (peer) => {
    it("leads a text and a file through it, and nothing around it", async () => {
      const proxy = await startProxy();
      const { sandbox, channel, arrivals } = await openPost(peer, proxy);
      await channel.send({ target: peer.target, text: "hello" });
      await channel.send({ target: peer.target, text: "", media: { kind: "file", bytes: FILE, name: "plan.pdf" } });
      expect(await channel.checkHealth()).toMatchObject({ ok: true });
      expect(peer.posted(sandbox).slice(0, 2)).toEqual(["hello", "file"]);
      expect(arrivals.count).toBeGreaterThan(0);
      expect(arrivals.besides(proxy)).toBe(0);
    });

    it.each(TROUBLES)("that $title is told as such without the password, not gone around, and used again afterwards (fault 6)", async ({ begin, end }) => {
      const proxy = await startProxy();
      const { sandbox, arrivals, failureOf, given } = await openPost(peer, proxy);
      await begin(proxy);
      const error = await failureOf("lost");
      expect(error).toMatchObject({ isChannelError: true, code: expect.stringMatching(/^(?:transient|unknown-outcome)$/) as string });
      const shown = `${inspect(error, { depth: 10 })}\n${given()}`;
      for (const secret of proxy.secrets) expect(shown).not.toContain(secret);
      await end(proxy);
      expect(await failureOf("hello")).toBeUndefined();
      expect(peer.posted(sandbox).at(-1)).toBe("hello");
      expect(arrivals.besides(proxy)).toBe(0);
    });

    it("that takes connections and says nothing is given up, and told as such without the password (fault 6)", async () => {
      const { clock, stopTimers } = createTimedClock();
      const proxy = await startProxy();
      const { arrivals, failureOf, given } = await openPost(peer, proxy, clock);
      proxy.behave("hang");
      const error = await failureOf("lost");
      expect(error).toMatchObject({ code: "transient", message: expect.stringMatching(/ proxy (?:http|socks5):\/\/\*\*\*@127\.0\.0\.1:\d+: no answer within \d+ ms/) as string });
      for (const secret of proxy.secrets) expect(`${inspect(error, { depth: 10 })}\n${given()}`).not.toContain(secret);
      expect(arrivals.count).toBe(0);
      stopTimers();
      proxy.behave("serve");
      expect(await failureOf("hello")).toBeUndefined();
      expect(arrivals.besides(proxy)).toBe(0);
    });
  });
});
