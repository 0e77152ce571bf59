import type { Clock } from "@revka/core";
import { sleeps } from "../sleeps.ts";

/** Runs something when it is asked to: not at once, so that one edit counts as one, and never twice at a time. */
export interface Reloader extends AsyncDisposable {
  /** Asks for a run; further calls until it begins ask for the same. */
  request(): void;
}

/** An editor writes a file in several steps. */
const SETTLE_MS = 300;

/** `reload` handles its own errors. Disposing waits for a run that has begun and begins no other. */
export function createReloader(reload: () => Promise<void>, clock: Clock): Reloader {
  const over = new AbortController();
  let isAsked = false;
  let running: Promise<void> | undefined;

  async function runAll(): Promise<void> {
    while (isAsked && (await sleeps(SETTLE_MS, clock, over.signal))) {
      isAsked = false;
      await reload();
    }
    running = undefined;
  }

  return {
    request() {
      if (over.signal.aborted) return;
      isAsked = true;
      running ??= runAll();
    },
    async [Symbol.asyncDispose]() {
      over.abort();
      await running;
    },
  };
}
