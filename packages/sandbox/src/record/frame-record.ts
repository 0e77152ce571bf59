import type { FrameDirection, FrameFault } from "../faults/frame-fault.ts";
import { createLog, type Log } from "./log.ts";

/** How many frames are kept, oldest out. */
const CAPACITY = 10_000;
/** How much of a frame is kept as text. */
const KEPT_FRAME_BYTES = 16 * 1024;

/** One WebSocket frame between a platform and a client, as its sender meant it. */
export interface RecordedFrame {
  /** Counts from 1 and is never used twice, so it serves as a cursor. */
  readonly seq: number;
  /** Epoch ms. */
  readonly at: number;
  readonly platform: string;
  /** Counts from 1, over all platforms. */
  readonly connection: number;
  readonly direction: FrameDirection;
  /** What the platform calls it, e.g. `SYSTEM ping`. */
  readonly frame: string;
  readonly isBinary: boolean;
  /** Its first 16 KiB, read as UTF-8. */
  readonly text: string;
  /** How long all of it is. */
  readonly bytes: number;
  /** What went wrong with it. */
  readonly fault?: FrameFault["kind"];
}

/** What went over the platforms' WebSockets. Frames on a silent connection are not seen. */
export interface FrameRecord {
  /** The last 10,000 frames, oldest first. */
  readonly entries: readonly RecordedFrame[];
  /** Gives the first matching frame, recorded or still to come. */
  next(matches: (frame: RecordedFrame) => boolean, signal?: AbortSignal): Promise<RecordedFrame>;
  /** Like `next`, but never gives the same frame to two calls. */
  take(matches: (frame: RecordedFrame) => boolean, signal?: AbortSignal): Promise<RecordedFrame>;
}

/** A frame as it is written down. */
export interface SeenFrame extends Pick<RecordedFrame, "platform" | "connection" | "direction" | "frame" | "fault"> {
  readonly data: string | Uint8Array;
}

/** The side of {@link FrameRecord} that writes. */
export interface FrameRecorder extends FrameRecord {
  note(seen: SeenFrame): void;
  clear(): void;
}

/** Creates an empty {@link FrameRecorder}. */
export function createFrameRecorder(now: () => number, closing: AbortSignal): FrameRecorder {
  const log: Log<RecordedFrame> = createLog(CAPACITY, closing);
  return {
    get entries() {
      return log.entries;
    },
    next: (matches, signal) => log.next(matches, signal),
    take: (matches, signal) => log.take(matches, signal),
    clear: () => log.clear(),
    note: ({ data, ...seen }) => {
      const bytes = Buffer.from(data);
      log.append((seq) => ({
        seq, at: now(), ...seen, isBinary: typeof data !== "string", text: bytes.toString("utf8", 0, KEPT_FRAME_BYTES), bytes: bytes.length,
      }));
    },
  };
}
