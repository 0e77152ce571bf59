import { setTimeout as sleep } from "node:timers/promises";
import { aborted } from "../server/aborted.ts";
import type { FrameFault } from "./frame-fault.ts";

/** What a frame holds: text, or the bytes of a binary one. */
export type FrameData = string | Uint8Array;

/** Faults that change a frame, or how often it arrives. */
export type FrameDamage = Extract<FrameFault, { readonly kind: "drop" | "duplicate" | "truncate" | "replace" | "pad" }>;

/** Faults that hold a frame up. */
export type FrameObstacle = Extract<FrameFault, { readonly kind: "delay" | "hold" }>;

/** What arrives in place of a frame: nothing, one frame or several. */
export function damageFrame(fault: FrameDamage, data: FrameData): readonly FrameData[] {
  switch (fault.kind) {
    case "drop":
      return [];
    case "duplicate":
      return Array.from({ length: fault.count ?? 2 }, () => data);
    case "truncate":
      return [data.slice(0, Math.floor(data.length / 2))];
    case "replace":
      return [fault.base64 === undefined ? (fault.text ?? "") : Buffer.from(fault.base64, "base64")];
    case "pad":
      return [padded(data, fault.bytes)];
  }
}

/** Resolves when a frame that is held up may go on. */
export async function obstructFrame(fault: FrameObstacle, end: AbortSignal): Promise<void> {
  if (fault.kind === "hold") await aborted(end);
  else await sleep(fault.ms, undefined, { signal: end }).catch(() => undefined);
}

function padded(data: FrameData, bytes: number): FrameData {
  const missing = Math.max(0, bytes - Buffer.byteLength(data));
  return typeof data === "string" ? data + " ".repeat(missing) : Buffer.concat([data, Buffer.alloc(missing, " ")]);
}
