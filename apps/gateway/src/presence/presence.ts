import type { SendReceipt } from "@revka/core";
import type { Runtime } from "../runtime.ts";

/** What people see of an answer before it is there. Disposing of it takes away what is left of it, and never fails. */
export interface Presence extends AsyncDisposable {
  /** The answer so far; shown when there is time for it. */
  show(text: string): void;
  /**
   * The answer is on disk and goes out next.
   *
   * @param first - the answer's first message, where that is text.
   * @returns the receipt when `first` is shown by this; undefined when it is still to be sent.
   */
  finish(first: string | undefined): Promise<SendReceipt | undefined>;
}

/** What a presence is made with. */
export type PresenceRuntime = Pick<Runtime, "treatmentOf" | "clock" | "logger" | "redact" | "stopped">;
