import { isChannelError } from "@revka/core";

/** The message that is answered is gone: recalled, deleted, or not found. */
export const QUESTION_GONE: ReadonlySet<string> = new Set(["230011", "230110", "231003"]);

/** The chat, or the message that is answered, has no threads. */
export const NO_THREAD: ReadonlySet<string> = new Set(["230071", "230072"]);

/** A card that the platform cannot make, or that is too long. */
export const CARD_REFUSED: ReadonlySet<string> = new Set(["230025", "230099", "200220"]);

/** The uploaded file does not fit the kind of message. */
export const WRONG_MEDIA: ReadonlySet<string> = new Set(["230054", "230055"]);

/** The platform's code in an error; undefined where there is none. */
export function codeOf(error: unknown): string | undefined {
  return isChannelError(error) && "platformCode" in error ? error.platformCode : undefined;
}

/** Whether an error is one of the platform's `codes`. */
export function isCode(error: unknown, codes: ReadonlySet<string>): boolean {
  const code = codeOf(error);
  return code !== undefined && codes.has(code);
}
