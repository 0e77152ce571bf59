/** What a lane runs for one message. It handles its own errors. */
export type LaneTask = () => Promise<void>;

/** A place at the end of a lane, held for a message that is not on disk yet; disposing gives it up unless it is filled. */
export interface LanePlace extends Disposable {
  /** Puts the task in, once; the lane runs it when its turn comes. */
  fill(task: LaneTask): void;
}

/** One queue per conversation: tasks of one run one after another, different ones at once. */
export interface Lanes {
  /** A place in the lane of `key`; undefined when `cap` tasks wait there already. */
  reserve(key: string, cap: number): LanePlace | undefined;
  /** Begins nothing new; what waits is forgotten. */
  close(): void;
  /** Resolves when no task runs. */
  idle(): Promise<void>;
}

interface Lane {
  readonly tasks: LaneTask[];
  reserved: number;
  isRunning: boolean;
}

/** Lanes that exist only while they hold something. */
export function createLanes(): Lanes {
  const lanes = new Map<string, Lane>();
  const running = new Set<Promise<void>>();
  let isClosed = false;

  function dropIfEmpty(key: string, lane: Lane): void {
    if (!lane.isRunning && lane.reserved === 0 && lane.tasks.length === 0) lanes.delete(key);
  }

  async function runAll(key: string, lane: Lane): Promise<void> {
    lane.isRunning = true;
    for (let task = lane.tasks.shift(); task !== undefined && !isClosed; task = lane.tasks.shift()) await task();
    lane.isRunning = false;
    dropIfEmpty(key, lane);
  }

  function start(key: string, lane: Lane): void {
    const run = runAll(key, lane);
    running.add(run);
    void run.finally(() => running.delete(run));
  }

  function placeIn(key: string, lane: Lane): LanePlace {
    let isHeld = true;
    lane.reserved += 1;
    const leave = (): void => {
      if (isHeld) lane.reserved -= 1;
      isHeld = false;
    };
    return {
      fill(task) {
        leave();
        lane.tasks.push(task);
        if (!lane.isRunning && !isClosed) start(key, lane);
      },
      [Symbol.dispose]() {
        leave();
        dropIfEmpty(key, lane);
      },
    };
  }

  return {
    reserve(key, cap) {
      const lane = lanes.get(key) ?? { tasks: [], reserved: 0, isRunning: false };
      if (lane.tasks.length + lane.reserved >= cap) return undefined;
      lanes.set(key, lane);
      return placeIn(key, lane);
    },
    close() {
      isClosed = true;
    },
    async idle() {
      while (running.size > 0) await Promise.all(running);
    },
  };
}
