import { systemClock } from "@revka/core";
import { recordingLogger, type ManualClock } from "@revka/core/testing";
import { createGateway, type Agent, type Gateway, type GatewayOptions, type GatewaySnapshot, type Settings } from "@revka/gateway";
import { startSandbox, type Sandbox } from "@revka/sandbox";
import { expect, onTestFinished } from "vitest";
import { testSettings } from "../support/settings.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { DEFINITIONS } from "./definitions.ts";
import { drive } from "./drive.ts";
import type { HousePeer, HousePlatform, Said } from "./peer.ts";
import { createSteps, type Steps } from "./steps.ts";
import { allEchoed } from "./talk.ts";

/** A platform, and a folder on which a gateway of this process may come and go. */
export interface House {
  readonly sandbox: Sandbox;
  readonly platform: HousePlatform;
  readonly steps: Steps;
  /** The most messages that were unfinished at any step. */
  readonly peak: () => number;
  /** Starts a gateway; resolves when it runs, connected or not. */
  readonly start: () => Promise<void>;
  /** Stops it; fails when it had given up by itself or logged a secret. */
  readonly stop: () => Promise<void>;
  /** Of the gateway that runs. */
  readonly snapshot: () => GatewaySnapshot;
  /** Waits, and lets time pass meanwhile. */
  readonly wait: <T>(promise: Promise<T>) => Promise<T>;
  /** Waits until everything said was echoed. */
  readonly echoed: (said: readonly Said[]) => Promise<void>;
}

/** How a house differs from an ordinary one, in which the agent echoes and may take a day to do so. */
export interface HouseOptions {
  /** Default: the machine's clock. */
  readonly clock?: ManualClock;
  readonly agent?: Agent;
  readonly dispatch?: Partial<Settings["dispatch"]>;
}

/** The shortest interval that every channel takes. */
const BRISK_MS = 100;

/** Where waiting costs nothing, but each poll of a long time does. */
const CALM_MS = 5_000;

const DAY_MS = 86_400_000;

/** A house that nobody lives in yet; it is torn down with the test. */
export async function openHouse(peer: HousePeer, { clock, agent, dispatch }: HouseOptions = {}): Promise<House> {
  const time = clock ?? systemClock;
  const sandbox = await startSandbox({ now: () => time.now() });
  onTestFinished(() => sandbox.close());
  const platform = peer.platformIn(sandbox);
  const sections = platform.sections(clock === undefined ? BRISK_MS : CALM_MS);
  return createHouse({ sandbox, platform, ...(clock !== undefined && { clock }) }, {
    folder: await tempFolder(),
    settings: testSettings({ dispatch: { idleTimeoutMs: DAY_MS, turnTimeoutMs: DAY_MS, ...dispatch } }),
    clock: time,
    createChannels: (contextOf) => DEFINITIONS[peer.name].create(sections, contextOf),
    ...(agent !== undefined && { agent }),
  });
}

/** The same with a gateway in it whose channel is connected. */
export async function openRunningHouse(peer: HousePeer, options?: HouseOptions): Promise<House> {
  const house = await openHouse(peer, options);
  await house.start();
  await house.wait(house.platform.connected());
  return house;
}

type Ground = Pick<House, "sandbox" | "platform"> & Pick<HouseOptions, "clock">;

function createHouse({ sandbox, platform, clock }: Ground, options: Omit<GatewayOptions, "logger" | "observer">): House {
  const logger = recordingLogger();
  const steps = createSteps();
  let over = new AbortController();
  let gateway: Gateway | undefined;
  let peak = 0;

  const advance = async (ms: number): Promise<void> => {
    await clock?.advance(ms);
    sandbox.runDue();
  };
  const wait = <T>(promise: Promise<T>): Promise<T> => (clock === undefined ? promise : drive({ advance }, promise, over.signal));
  async function stop(): Promise<void> {
    const stopping = gateway;
    gateway = undefined;
    if (stopping === undefined) return;
    await wait(stopping.stop());
    await stopping.closed;
    for (const secret of platform.secrets) expect(logger.text()).not.toContain(secret);
  }
  onTestFinished(async () => {
    over.abort(); // a test that timed out is still driving the clock
    over = new AbortController();
    await stop();
  });

  return {
    sandbox,
    platform,
    steps,
    peak: () => peak,
    async start() {
      gateway = await createGateway({
        ...options,
        logger,
        observer(event) {
          peak = Math.max(peak, gateway?.snapshot().unfinished ?? 0);
          steps.observe(event);
        },
      });
      await gateway.start();
    },
    stop,
    snapshot() {
      if (gateway === undefined) throw new TypeError("No gateway runs");
      return gateway.snapshot();
    },
    wait,
    echoed: (said) => wait(allEchoed(platform, said)),
  };
}
