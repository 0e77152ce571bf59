import { escapeMarkers, type Clock, type MessagePart } from "@revka/core";
import type { Agent } from "./agent.ts";

/** How the echo answers. */
export interface EchoOptions {
  /** How long it pretends to think; default 0. */
  readonly delayMs?: number;
  readonly clock: Clock;
}

/** The agent of a first run: says what it heard, and names what it was sent. */
export function createEchoAgent({ delayMs = 0, clock }: EchoOptions): Agent {
  return {
    kind: "echo",
    async *turn({ message }, signal) {
      if (delayMs > 0) await clock.sleep(delayMs, signal);
      yield { kind: "done", text: message.parts.flatMap(echoPart).join("\n") };
    },
  };
}

// Markers are escaped, or a user could have a file sent by typing its marker.
function echoPart(part: MessagePart): string | [] {
  switch (part.kind) {
    case "text":
      return escapeMarkers(part.text);
    case "quote":
      return [];
    case "action":
      return escapeMarkers(`(action: ${part.action})`);
    case "unsupported":
      return escapeMarkers(`(unsupported message: ${part.type})`);
    case "image":
    case "audio":
    case "video":
    case "file":
      return escapeMarkers(`(${part.kind}: ${part.transcript ?? part.name ?? "unnamed"})`);
  }
}
