import { EventEmitter } from "node:events";
import { setImmediate } from "node:timers/promises";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createManualClock, type ManualClock } from "@revka/core/testing";
import { startSandbox, type Sandbox } from "@revka/sandbox";
import { onTestFinished } from "vitest";
import { driveBy } from "../house/drive.ts";
import { until } from "../lark/lark-house.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { runInProcess } from "./in-process.ts";

/** The platforms and `revka` in this process, by one clock that the test moves. */
export interface ManualHouse {
  readonly sandbox: Sandbox;
  readonly clock: ManualClock;
  /** Starts `revka daemon` with this configuration; it runs until the test is over. */
  readonly start: (config: string) => Promise<ManualDaemon>;
  /** Lets time pass for both sides until the promise settles. */
  readonly during: <T>(promise: Promise<T>) => Promise<T>;
  /** Lets so much time pass for both sides. */
  readonly pass: (ms: number) => Promise<void>;
}

/** A daemon that an operator looks at. */
export interface ManualDaemon {
  /** A page of its operations listener. */
  readonly page: (path: "/health" | "/ready" | "/metrics") => Promise<{ readonly status: number; readonly text: string }>;
  /** What `daemon_state.json` holds. */
  readonly stateFile: () => Promise<string>;
  /** What `revka status --format=exit-code` ends with. */
  readonly exitCodeOfStatus: () => Promise<number | undefined>;
}

/** Time passes in steps, so that both sides see it pass alike. */
const STEP_MS = 500;
/** Enough for what goes between two sockets on loopback. */
const SETTLE_TURNS = 20;

/** Opens it, with nobody in it. */
export async function openManualHouse(): Promise<ManualHouse> {
  const clock = createManualClock();
  const sandbox = await startSandbox({ now: () => clock.now() });
  onTestFinished(() => sandbox.close());
  const over = new AbortController();
  onTestFinished(() => over.abort());
  async function pass(ms: number): Promise<void> {
    for (let rest = ms; rest > 0 && !over.signal.aborted; rest -= STEP_MS) {
      await settle(sandbox);
      await clock.advance(Math.min(STEP_MS, rest));
      sandbox.runDue();
    }
    await settle(sandbox);
  }
  const during = <T>(promise: Promise<T>): Promise<T> => driveBy({ step: () => pass(STEP_MS) }, promise, over.signal);
  return { sandbox, clock, during, pass, start: (config) => startManually(config, clock, during) };
}

/** Lets answers arrive that are under way, so that time does not pass meanwhile. */
async function settle({ record }: Sandbox): Promise<void> {
  await until(() => record.entries.every(({ outcome, fault }) => outcome !== "pending" || fault === "hang"));
  for (let turn = 0; turn < SETTLE_TURNS; turn += 1) await setImmediate();
}

async function startManually(config: string, clock: ManualClock, during: ManualHouse["during"]): Promise<ManualDaemon> {
  const folder = await tempFolder();
  await writeFile(join(folder, "config.toml"), config, { mode: 0o600 });
  const signals = new EventEmitter();
  const started = Promise.withResolvers<string>();
  const onOutput = (text: string): void => {
    if (text.includes("daemon started")) started.resolve(text);
  };
  const ending = runInProcess(["daemon", "--config", folder], { clock, signals, onOutput });
  onTestFinished(async () => {
    signals.emit("SIGTERM");
    const ended = new AbortController();
    void ending.then(() => ended.abort());
    while (!ended.signal.aborted) await clock.advance(STEP_MS);
  });
  const url = /Gateway: +(\S+)/.exec(await during(started.promise))?.[1] ?? "";
  return {
    async page(path) {
      const reply = await fetch(url + path);
      return { status: reply.status, text: await reply.text() };
    },
    stateFile: () => readFile(join(folder, "daemon_state.json"), "utf8"),
    exitCodeOfStatus: async () => (await runInProcess(["status", "--format=exit-code", "--config", folder], { clock })).exitCode,
  };
}
