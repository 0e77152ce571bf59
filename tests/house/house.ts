import { systemClock, type Clock } from "@revka/core";
import { recordingLogger, type ManualClock } from "@revka/core/testing";
import { createGateway, type Agent, type Gateway, type GatewaySnapshot, type Settings } from "@revka/gateway";
import { startSandbox, type Sandbox } from "@revka/sandbox";
import { expect, onTestFinished } from "vitest";
import { testSettings } from "../support/settings.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { DEFINITIONS } from "./definitions.ts";
import { drive } from "./drive.ts";
import type { HousePeer, HousePlatform, Said } from "./peer.ts";
import { createSteps, type Steps } from "./steps.ts";
import { echoed } from "./talk.ts";

/** A platform and the folder of a gateway in this process, which may come and go. */
export interface House {
  readonly sandbox: Sandbox;
  readonly platform: HousePlatform;
  readonly steps: Steps;
  /** The most messages that were unfinished at any step. */
  readonly peak: number;
  /** Starts a gateway on the folder; who wants to hear from it first waits for `platform.connected()`. */
  start(): Promise<void>;
  /** Stops it; fails when it had given up by itself, or logged a secret. */
  stop(): Promise<void>;
  snapshot(): GatewaySnapshot;
  /** Waits, and lets time pass meanwhile. */
  wait<T>(promise: Promise<T>): Promise<T>;
  /** Waits until everything said was echoed. */
  echoed(said: readonly Said[]): Promise<void>;
}

/** How a house differs from an ordinary one, in which the agent echoes and may take a day to do so. */
export interface HouseOptions {
  /** Default: the machine's clock. */
  readonly clock?: ManualClock;
  readonly agent?: Agent;
  readonly dispatch?: Partial<Settings["dispatch"]>;
}

/** The shortest interval that a channel takes. */
const BRISK_MS = 100;

/** The same where waiting costs nothing, but every poll of a long time does. */
const CALM_MS = 5_000;

const DAY_MS = 86_400_000;

/** A house that nobody lives in yet; it is torn down with the test. */
export async function openHouse(peer: HousePeer, { clock, agent, dispatch }: HouseOptions = {}): Promise<House> {
  const time: Clock = clock ?? systemClock;
  const sandbox = await startSandbox({ now: time.now });
  onTestFinished(() => sandbox.close());
  const platform = peer.platformIn(sandbox);
  const folder = await tempFolder();
  const steps = createSteps();
  const over = new AbortController();
  let gateway: Gateway | undefined;
  let peak = 0;

  const open = (logger: ReturnType<typeof recordingLogger>): Promise<Gateway> =>
    createGateway({
      folder,
      logger,
      settings: testSettings({ dispatch: { idleTimeoutMs: DAY_MS, turnTimeoutMs: DAY_MS, ...dispatch } }),
      clock: time,
      createChannels: (contextOf) => DEFINITIONS[peer.name].create(platform.sections(clock === undefined ? BRISK_MS : CALM_MS), contextOf),
      observer(event) {
        peak = Math.max(peak, gateway?.snapshot().unfinished ?? 0);
        steps.observe(event);
      },
      ...(agent !== undefined && { agent }),
    });
