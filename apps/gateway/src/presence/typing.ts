import { describeError } from "../describe-error.ts";
import { sleeps } from "../sleeps.ts";
import { within } from "../within.ts";
import type { Presence, PresenceRuntime } from "./presence.ts";

const LIMITS = {
  /** An answer that takes longer is still made, but nobody is told to keep watching. */
  shownMs: 300_000,
  /** How long taking it away may take. */
  endMs: 5_000,
} as const;

/** What typing is shown with. */
export interface TypingOptions extends Pick<PresenceRuntime, "clock" | "logger" | "redact"> {
  /** For the log. */
  readonly facts: Readonly<Record<string, unknown>>;
}

/** Shows "typing" until the answer goes out, for five minutes at most. Best effort: what fails is logged at debug. */
export function showTyping(start: () => AsyncDisposable, { clock, logger, redact, facts }: TypingOptions): Presence {
  const over = new AbortController();
  const note = (error: unknown): void => logger.debug({ ...facts, error: describeError(error, { redact }) }, "Typing could not be shown");

  async function run(): Promise<void> {
    await using _typing = start();
    await sleeps(LIMITS.shownMs, clock, over.signal);
  }

  const ended = run().catch(note);
  return {
    show: () => undefined,
    finish() {
      over.abort();
      return Promise.resolve(undefined);
    },
    async [Symbol.asyncDispose]() {
      over.abort();
      await within(LIMITS.endMs, ended, clock);
    },
  };
}
