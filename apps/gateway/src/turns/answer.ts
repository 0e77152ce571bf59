import type { MediaReference } from "../delivery/reply-part.ts";
import type { TurnOutcome } from "./turn-outcome.ts";

/** An answer that grows. */
export interface Answer {
  /** The words so far. */
  readonly text: string;
  append(text: string): void;
  /** The words are others; files stay. */
  replace(text: string): void;
  attach(file: MediaReference): void;
  clear(): void;
  outcome(): TurnOutcome;
}

/** More than any platform takes in its ten messages; an agent that runs wild fills no memory. */
const TEXT_CHARS = 1_000_000;

/** More than go out. */
const MAX_FILES = 20;

/**
 * An answer of up to a million characters and what its files take as `data:` URIs; what is beyond is dropped, as delivery
 * would cut it anyway.
 * @param fileBytes - the largest file that may be sent.
 */
export function createAnswer(fileBytes = 0): Answer {
  const maxChars = TEXT_CHARS + Math.ceil(fileBytes / 3) * 4;
  let files: MediaReference[] = [];
  let text = "";
  const attachedChars = (): number => files.reduce((sum, { target }) => sum + target.length, 0);
  return {
    get text() {
      return text;
    },
    append(more) {
      if (text.length < maxChars) text = (text + more).slice(0, maxChars);
    },
    replace(other) {
      text = other.slice(0, maxChars);
    },
    attach(file) {
      const isTooMuch = attachedChars() + file.target.length > maxChars;
      if (files.length < MAX_FILES) files.push(isTooMuch ? { ...file, target: "" } : file); // without a target it is said not to be sent
    },
    clear() {
      text = "";
      files = [];
    },
    outcome: () => (text.trim() === "" && files.length === 0 ? { kind: "empty" } : { kind: "answered", text, ...(files.length > 0 && { files }) }),
  };
}
