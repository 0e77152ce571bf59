import type { Draft } from "@revka/core";
import { describeError } from "../describe-error.ts";
import { within } from "../within.ts";
import { createDraftUpdates } from "./draft-updates.ts";
import type { Presence, PresenceRuntime } from "./presence.ts";

/** What a draft is shown with. */
export interface LiveDraftOptions extends Pick<PresenceRuntime, "clock" | "logger" | "redact" | "stopped"> {
  /** Least time between two updates. */
  readonly intervalMs: number;
  /** What people may see of the answer so far: one message of the platform at most. */
  readonly visible: (text: string) => string;
  /** For the log. */
  readonly facts: Readonly<Record<string, unknown>>;
}

/** How long taking it away may take. */
const CANCEL_MS = 5_000;

/** Shows an answer while it grows. What fails on the way is logged at debug and forgotten, as the whole answer is sent at the end. */
export function createLiveDraft(open: () => Promise<Draft>, { intervalMs, visible, clock, logger, redact, stopped, facts }: LiveDraftOptions): Presence {
  const noteAs = (message: string) => (error: unknown): void => logger.debug({ ...facts, error: describeError(error, { redact }) }, message);
  const updates = createDraftUpdates(open, { intervalMs, visible, clock, onError: noteAs("A growing answer could not be shown") });

  async function cancel(draft: Draft | undefined): Promise<void> {
    await draft?.cancel().catch(noteAs("An unfinished answer could not be taken away"));
  }

  return {
    show: (text) => updates.show(text),
    async finish(first) {
      const draft = await updates.end();
      try {
        if (first !== undefined) return await draft?.finish(first);
      } catch (error) {
        stopped.throwIfAborted();
        noteAs("A growing answer could not be finished; it is sent as a whole")(error);
      }
      await cancel(draft);
      return undefined;
    },
    async [Symbol.asyncDispose]() {
      await within(CANCEL_MS, updates.end().then(cancel), clock);
    },
  };
}
