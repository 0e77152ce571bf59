import type { Clock, Draft } from "@revka/core";
import { sleeps } from "../sleeps.ts";

/** The way of a growing answer into its draft. */
export interface DraftUpdates {
  /** Shows this text, unless a newer one comes before there is time for it. */
  show(text: string): void;
  /** Ends the showing; gives the draft if it was opened, the first time. */
  end(): Promise<Draft | undefined>;
}

/** What a draft is updated with. */
export interface DraftUpdatesOptions {
  /** Least time between two updates. */
  readonly intervalMs: number;
  /** What people may see of a text; a blank one is not shown. */
  readonly visible: (text: string) => string;
  readonly clock: Clock;
  /** Called for each failure. */
  readonly onError: (error: unknown) => void;
}

/** Updates that may fail in a row; then nothing more is shown. */
const MAX_FAILURES = 3;

/** Opens a draft for the first text and updates it for later ones; texts that come too fast are joined to the newest. */
export function createDraftUpdates(open: () => Promise<Draft>, { intervalMs, visible, clock, onError }: DraftUpdatesOptions): DraftUpdates {
  const over = new AbortController();
  let draft: Draft | undefined;
  let newest: string | undefined;
  let failures = 0;
  let isShowing = false;
  let showing: Promise<void> = Promise.resolve();

  /** Whether there was anything to show. */
  async function update(text: string): Promise<boolean> {
    try {
      const shown = visible(text);
      if (shown.trim() === "") return false;
      draft ??= await open();
      await draft.update(shown);
      failures = 0;
    } catch (error) {
      failures += 1;
      onError(error);
    }
    return true;
  }

  async function showAll(): Promise<void> {
    isShowing = true;
    while (newest !== undefined && failures < MAX_FAILURES && !over.signal.aborted) {
      const text = newest;
      newest = undefined;
      if (await update(text)) await sleeps(intervalMs, clock, over.signal);
    }
    isShowing = false;
  }

  return {
    show(text) {
      newest = text;
      if (!isShowing) showing = showAll();
    },
    async end() {
      over.abort();
      await showing;
      const opened = draft;
      draft = undefined;
      return opened;
    },
  };
}
