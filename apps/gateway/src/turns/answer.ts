import { escapeMarkers } from "@revka/core";
import type { TurnOutcome } from "./turn-outcome.ts";

/** An answer that grows. */
export interface Answer {
  append(text: string): void;
  replace(text: string): void;
  /** Says at the end of the answer that a file was not sent. */
  noteUnsent(name: string): void;
  outcome(): TurnOutcome;
}

/** More than any platform takes in its ten messages; an agent that runs wild fills no memory. */
const MAX_CHARS = 1_000_000;

const MAX_NOTES = 20;

/** An answer of up to a million characters; what is beyond is dropped, as delivery would cut it anyway. */
export function createAnswer(): Answer {
  const notes: string[] = [];
  let text = "";
  return {
    append(more) {
      if (text.length < MAX_CHARS) text = (text + more).slice(0, MAX_CHARS);
    },
    replace(other) {
      text = other.slice(0, MAX_CHARS);
    },
    noteUnsent(name) {
      if (notes.length < MAX_NOTES) notes.push(`(attachment not sent: ${escapeMarkers(name)})`);
    },
    outcome() {
      const whole = [text, ...notes].filter((piece) => piece.trim() !== "").join("\n");
      return whole === "" ? { kind: "empty" } : { kind: "answered", text: whole };
    },
  };
}
