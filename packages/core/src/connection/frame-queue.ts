/** One WebSocket message: text, or bytes. */
export type Frame = string | Uint8Array;

/** How much may wait, and what holds the sender back. */
export interface FrameQueueOptions {
  readonly maxCount: number;
  /** A character of a text counts as one. */
  readonly maxBytes: number;
  /** Called when the queue is full: more frames may still come, but the source must stop reading. */
  readonly pause: () => void;
  /** Called when half of the queue is free again. */
  readonly resume: () => void;
}

/** Frames on their way to one reader. */
export interface FrameQueue {
  push(frame: Frame): void;
  /** Nothing more comes; what waits is still read. */
  end(): void;
  /** For one reader. Ends after `end`. */
  readonly frames: AsyncIterable<Frame>;
}

/** A queue that pauses its source instead of growing. */
export function createFrameQueue({ maxCount, maxBytes, pause, resume }: FrameQueueOptions): FrameQueue {
  const waiting: Frame[] = [];
  let waitingBytes = 0;
  let isPaused = false;
  let isEnded = false;
  let wake = (): void => undefined;

  const isAbove = (share: number): boolean => waiting.length >= maxCount * share || waitingBytes >= maxBytes * share;

  async function* read(): AsyncGenerator<Frame, undefined> {
    for (;;) {
      for (let frame = waiting.shift(); frame !== undefined; frame = waiting.shift()) {
        waitingBytes -= frame.length;
        if (isPaused && !isAbove(0.5)) {
          isPaused = false;
          resume();
        }
        yield frame;
      }
      if (isEnded) return;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  }

  return {
    push(frame) {
      if (isEnded) return;
      waiting.push(frame);
      waitingBytes += frame.length;
      if (!isPaused && isAbove(1)) {
        isPaused = true;
        pause();
      }
      wake();
    },
    end() {
      isEnded = true;
      wake();
    },
    frames: read(),
  };
}
