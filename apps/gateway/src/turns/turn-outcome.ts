import type { MediaReference } from "../delivery/reply-part.ts";

/** How a turn ended. */
export type TurnOutcome =
  | { readonly kind: "answered"; readonly text: string; readonly files?: readonly MediaReference[] }
  /** The agent said nothing. */
  | { readonly kind: "empty" }
  | { readonly kind: "timed-out"; readonly limit: "idle" | "turn"; readonly afterMs: number }
  /** `userText` is for the user, `error` for the log alone. */
  | { readonly kind: "failed"; readonly error: unknown; readonly isRetryable?: boolean; readonly userText?: string };
