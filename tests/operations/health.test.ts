import { describe, expect, it } from "vitest";
import { openManualHouse, type ManualDaemon } from "./manual-daemon.ts";
import { sectionOf } from "../support/sections.ts";

/** The channels that keep a connection open, and after how much silence theirs counts as dead. */
const LONG_CONNECTIONS = [["lark", 300_000], ["feishu", 300_000], ["dingtalk", 75_000], ["qq", 90_000]] as const;

/** For as long as this a platform opens connections and says nothing on them. */
const DEAF_MS = 1_200_000;
const LOOK_EVERY_MS = 15_000;
const STEP_MS = 500;

interface Component {
  readonly status: string;
  readonly last_ok?: string;
}

interface StateFile {
  readonly written_at: string;
  readonly components: Readonly<Record<string, Component>>;
}

async function readFile(daemon: ManualDaemon, name: string) {
  const { written_at: writtenAt, components } = JSON.parse(await daemon.stateFile()) as StateFile;
  return { writtenAt: Date.parse(writtenAt), status: components[`channel:${name}`]?.status };
}

/** How a channel stands, wherever an operator may look. */
async function looksOf(daemon: ManualDaemon, name: string) {
  const [ready, health, metrics] = [await daemon.page("/ready"), await daemon.page("/health"), await daemon.page("/metrics")];
  const page = (JSON.parse(health.text) as { readonly runtime: Pick<StateFile, "components"> }).runtime.components[`channel:${name}`];
  return {
    ready: ready.status,
    status: page?.status,
    lastOk: Date.parse(page?.last_ok ?? ""),
    file: (await readFile(daemon, name)).status,
    up: new RegExp(`^revka_channel_up\\{channel="${name}"\\} (\\d)$`, "m").exec(metrics.text)?.[1],
    silentMs: 1_000 * Number(new RegExp(`^revka_channel_last_frame_seconds\\{channel="${name}"\\} (\\S+)$`, "m").exec(metrics.text)?.[1]),
    exitCode: await daemon.exitCodeOfStatus(),
  };
}

describe("a connection that is open and says nothing", { timeout: 60_000 }, () => {
  it.each(LONG_CONNECTIONS)("is not healthy anywhere once that lasts too long, however often it is made anew, until it speaks: %s after %i ms", async (name, windowMs) => {
    const { sandbox, clock, pass, start } = await openManualHouse();
    const daemon = await start(sectionOf(sandbox, name));
    const untilWell = async (): Promise<void> => {
      while ((await readFile(daemon, name)).status !== "ok") await pass(STEP_MS);
      expect(await looksOf(daemon, name)).toMatchObject({ ready: 200, status: "ok", up: "1", exitCode: 0 });
    };
    await untilWell();

    const silence = sandbox.frameFaults.add({ platform: name, times: "always", fault: { kind: "silence" } });
    const silentFrom = clock.now();
    await pass(windowMs + STEP_MS);
    const deadFrom = clock.now();
    while ((await readFile(daemon, name)).writtenAt < deadFrom) await pass(STEP_MS);
    while (clock.now() - silentFrom < DEAF_MS) {
      const look = await looksOf(daemon, name);
      // The daemon itself is alive: to start it again would change nothing.
      expect(look).toMatchObject({ ready: 503, up: "0", exitCode: 0 });
      expect([look.status, look.file]).not.toContain("ok");
      expect(look.lastOk).toBeLessThanOrEqual(silentFrom);
      expect(look.silentMs).toBeGreaterThanOrEqual(clock.now() - silentFrom);
      await pass(LOOK_EVERY_MS);
    }
    expect(silence.hits).toBeGreaterThan(2);
    silence.release();
    await untilWell();
  });

  it.each(LONG_CONNECTIONS)("does not pass for one that works where nothing was ever heard: %s", async (name) => {
    const { sandbox, clock, pass, start } = await openManualHouse();
    const silence = sandbox.frameFaults.add({ platform: name, times: "always", fault: { kind: "silence" } });
    const daemon = await start(sectionOf(sandbox, name));
    const startedAt = clock.now();
    while (clock.now() - startedAt < DEAF_MS || silence.hits < 3) {
      const look = await looksOf(daemon, name);
      expect(look).toMatchObject({ ready: 503, up: "0" });
      expect([look.status, look.file]).not.toContain("ok");
      await pass(LOOK_EVERY_MS);
    }
  });
});
