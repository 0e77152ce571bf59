import { AuthError, ConfigError, TransientError, type ChannelState } from "@revka/core";
import { createManualClock, recordingLogger, type ManualClock, type RecordingLogger } from "@revka/core/testing";
import { describe, expect, it } from "vitest";
import { supervise } from "./supervisor.ts";
import { createTestChannel, type TestChannel } from "./testing/test-channel.test-support.ts";

interface Watched {
  readonly channel: TestChannel;
  readonly clock: ManualClock;
  readonly logger: RecordingLogger;
  readonly controller: AbortController;
  readonly ended: Promise<void>;
  /** Lets the channel run in `state` for so long, then ends `listen`. */
  readonly run: (state: ChannelState, ms: number, error?: Error) => Promise<void>;
  /** How long until `listen` is called again. */
  readonly delay: () => Promise<number>;
}

function watch(random = 0.5): Watched {
  const clock = createManualClock();
  const logger = recordingLogger();
  const channel = createTestChannel({ clock });
  const controller = new AbortController();
  const redact = (text: string): string => text.replaceAll("hunter2", "***");
  const ended = supervise(channel, () => Promise.resolve("accepted"), { clock, random: () => random, logger, redact, signal: controller.signal });
  return {
    channel,
    clock,
    logger,
    controller,
    ended,
    async run(state, ms, error) {
      channel.statusRecorder.set(state);
      await clock.advance(ms);
      channel.drop(error);
      await clock.advance(0);
    },
    async delay() {
      const before = channel.listens;
      const start = clock.monotonic();
      for (let ms = 0; ms < 600_000 && channel.listens === before; ms += 100) await clock.advance(100);
      return clock.monotonic() - start;
    },
  };
}

describe("supervise", () => {
  it("doubles its wait up to a minute while the channel fails at once", async () => {
    const { run, delay, controller, ended } = watch();
    const delays: number[] = [];
    for (let failure = 0; failure < 7; failure += 1) {
      await run("connecting", 0, new TransientError("refused"));
      delays.push(await delay());
    }
    expect(delays).toEqual([2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]);
    controller.abort();
    await ended;
  });

  it.each<[string, ChannelState, number, number]>([
    ["nine seconds of connection", "connected", 9_000, 4_000],
    ["eleven seconds of connection", "connected", 11_000, 2_000],
    ["eleven seconds of a channel that only sends", "idle", 11_000, 2_000],
    ["thirty seconds without a connection", "connecting", 30_000, 4_000],
  ])("after %s waits as long as that deserves", async (_title, state, ms, delayMs) => {
    const { run, delay, controller, ended } = watch();
    await run("connecting", 0, new TransientError("refused"));
    await delay();
    await run(state, ms, new TransientError("reset"));
    expect(await delay()).toBe(delayMs);
    controller.abort();
    await ended;
  });

  it.each([
    [0, 1_600],
    [0.999_999_999, 2_400],
  ])("spreads its wait by 20 %% either way: random %d", async (random, delayMs) => {
    const { run, delay, controller, ended } = watch(random);
    await run("connecting", 0, new TransientError("refused"));
    expect(await delay()).toBe(delayMs);
    controller.abort();
    await ended;
  });

  it("logs in the words that operators search for, without secrets", async () => {
    const { run, delay, logger, controller, ended } = watch();
    await run("connecting", 0, new TransientError("token hunter2 refused"));
    await delay();
    await run("connecting", 0);
    expect(logger.entries.map(({ level, message }) => [level, message])).toEqual([
      ["warn", "Channel test error: token *** refused; restarting"],
      ["warn", "Channel test exited unexpectedly; restarting"],
    ]);
    controller.abort();
    await ended;
  });

  it("tries refused credentials every five minutes, with one line per reason", async () => {
    const { run, delay, logger, controller, ended } = watch();
    for (const reason of ["bad secret", "bad secret", "app disabled"]) {
      await run("failed", 0, new AuthError(reason));
      expect(await delay()).toBe(300_000);
    }
    expect(logger.entries.map(({ level, message }) => [level, message])).toEqual([
      ["error", "Channel test error: bad secret; restarting"],
      ["error", "Channel test error: app disabled; restarting"],
    ]);
    controller.abort();
    await ended;
  });

  it("waits as long for an operator who has to mend the file", async () => {
    const { run, delay, logger, controller, ended } = watch();
    await run("failed", 0, new ConfigError([{ path: "channels_config.test.path", found: '"/x"', allowed: "a path of its own" }]));
    expect(await delay()).toBe(300_000);
    expect(logger.entries).toMatchObject([{ level: "error", message: 'Channel test error: channels_config.test.path: found "/x", allowed is a path of its own; restarting' }]);
    controller.abort();
    await ended;
  });

  it("ends with its signal while the channel listens, and leaves no timer", async () => {
    const { clock, controller, ended, logger } = watch();
    controller.abort();
    await ended;
    expect([clock.pending, logger.entries.length]).toEqual([0, 0]);
  });

  it("ends with its signal while it waits", async () => {
    const { run, clock, controller, ended } = watch();
    await run("connecting", 0, new TransientError("refused"));
    controller.abort();
    await ended;
    expect(clock.pending).toBe(0);
  });
});
