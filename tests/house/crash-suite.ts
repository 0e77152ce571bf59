import type { GatewayStep } from "@revka/gateway";
import { startSandbox } from "@revka/sandbox";
import { describe, expect, it, onTestFinished } from "vitest";
import { startChild, type Child } from "../support/child.ts";
import type { FatalStep } from "../support/gateway-child.ts";
import { testSettings } from "../support/settings.ts";
import { tempFolder } from "../support/temp-folder.ts";
import type { HousePeer, HousePlatform, Said } from "./peer.ts";
import { allEchoed, bringLater, echoesOf, everybodySays, texts } from "./talk.ts";

/** All steps of a message that is answered. */
const STEPS: readonly GatewayStep[] = ["received", "accepted", "agent-started", "replied", "part-sent", "part-recorded", "settled"];

/** The step of the seventh message at which the process is told to end, and how many it must still answer: what it has begun. */
const ENDS: readonly (readonly [GatewayStep, number])[] = [["accepted", 0], ["agent-started", 7], ["replied", 7]];

const TIMEOUT_MS = 60_000;

/** Registers the tests in which the gateway is a process that ends in the middle of its work, and another goes on. */
export function crashSuite(peer: HousePeer): void {
  describe(`a gateway with ${peer.name} that is killed with -9`, { timeout: TIMEOUT_MS }, () => {
    it.each(STEPS)("answers every message in order after a restart, killed at the step %s", async (step) => {
      const { platform, start } = await openCrashHouse(peer);
      const first = start({ step, nth: 7, signal: "SIGKILL" });
      await platform.connected();
      const said = await everybodySays(platform, 5, texts(4));
      expect(await first.ended).toBe("SIGKILL");

      expectAnswered(await answersOf(peer, { child: start(), platform, said }), said, { repeats: peer.dropsRepeats ? 0 : 1 });
    });

    it("sends no part again whose receipt it had, also where the platform drops no repeats", async () => {
      const { platform, start } = await openCrashHouse(peer);
      platform.showRepeats();
      const first = start({ step: "part-recorded", nth: 2, signal: "SIGKILL" });
      await platform.connected();
      const said = await everybodySays(platform, 1, texts(4)); // one user: nothing else is under way
      expect(await first.ended).toBe("SIGKILL");

      expectAnswered(await answersOf(peer, { child: start(), platform, said }), said, { repeats: 0 });
    });

    it("loses none of three thousand messages, however often it is killed under load", async () => {
      const { platform, start } = await openCrashHouse(peer);
      platform.insist();
      const first = start({ step: "settled", nth: 300, signal: "SIGKILL" });
      await platform.connected();
      const said = await everybodySays(platform, 300, texts(10));
      expect(await first.ended).toBe("SIGKILL");
      for (const nth of [500, 700]) expect(await start({ step: "settled", nth, signal: "SIGKILL" }).ended).toBe("SIGKILL");

      expectAnswered(await answersOf(peer, { child: start(), platform, said }), said, { repeats: peer.dropsRepeats ? 0 : 3, isInOrder: peer.keepsForAbsent });
    }, 2 * TIMEOUT_MS);
  });

  describe(`a gateway with ${peer.name} that is told to end`, { timeout: TIMEOUT_MS }, () => {
    it.each(ENDS)("finishes what it has begun and leaves the rest to the next start, told at the step %s", async (step, begun) => {
      const { platform, start } = await openCrashHouse(peer, testSettings({ agent: { delayMs: 50 }, dispatch: { maxInFlight: 4 } }));
      const first = start({ step, nth: 7, signal: "SIGTERM" });
      await platform.connected();
      const said = await everybodySays(platform, 10, texts(2));
      expect(await first.ended).toBe(0);
      const answered = [...platform.answers().values()].flat();
      expect(answered.length).toBeGreaterThanOrEqual(begun);
      expect(answered.length).toBeLessThan(said.length);

      expectAnswered(await answersOf(peer, { child: start(), platform, said }), said, { repeats: 0 });
    });
  });
}

interface CrashHouse {
  readonly platform: HousePlatform;
  /** Starts a process on the one folder. */
  readonly start: (endAt?: FatalStep) => Child;
}

async function openCrashHouse(peer: HousePeer, settings = testSettings()): Promise<CrashHouse> {
  const sandbox = await startSandbox();
  onTestFinished(() => sandbox.close());
  const platform = peer.platformIn(sandbox);
  const orders = { peer: peer.name, folder: await tempFolder(), sections: platform.sections(100), settings };
  return { platform, start: (endAt) => startChild({ ...orders, ...(endAt && { endAt }) }) };
}

interface LastRun {
  readonly child: Child;
  readonly platform: HousePlatform;
  readonly said: readonly Said[];
}

/** Lets `child` run until everything is answered, stops it, and gives all answers there are, by user. */
async function answersOf(peer: HousePeer, { child, platform, said }: LastRun): Promise<ReadonlyMap<string, readonly string[]>> {
  await bringLater(peer, platform, said);
  await allEchoed(platform, said);
  child.kill("SIGTERM");
  expect(await child.ended).toBe(0);
  return platform.answers();
}

interface Expected {
  /** What was under way in the very moment of a crash may show twice, where the platform drops no repeats: once per conversation and crash. */
  readonly repeats: number;
  /** @default true */
  readonly isInOrder?: boolean;
}

function expectAnswered(answers: ReadonlyMap<string, readonly string[]>, said: readonly Said[], { repeats, isInOrder = true }: Expected): void {
  const distinct = new Map([...answers].map(([user, posted]) => [user, [...new Set(posted)]]));
  const arranged = (texts: ReadonlyMap<string, readonly string[]>): unknown => (isInOrder ? texts : new Map([...texts].map(([user, posted]) => [user, posted.toSorted()])));
  expect(arranged(distinct)).toEqual(arranged(echoesOf(said)));
  for (const posted of answers.values()) expect(posted.length - new Set(posted).size).toBeLessThanOrEqual(repeats);
}
