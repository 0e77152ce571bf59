import { aborted } from "../server/aborted.ts";
import { damageFrame, type FrameData, obstructFrame } from "./frame-damage.ts";
import type { FrameDirection, FrameFault } from "./frame-fault.ts";
import type { FrameFaultSource, FrameStrike } from "./frame-faults.ts";
import type { FrameRecorder } from "../record/frame-record.ts";

/** A frame on its way, and where it leads. */
export interface Passing {
  readonly direction: FrameDirection;
  /** What the platform calls it. */
  readonly frame: string;
  readonly data: FrameData;
  readonly deliver: (data: FrameData) => void;
}

/** What a gate decides by. */
export interface GateContext {
  readonly connection: number;
  readonly platform: string;
  readonly faults: FrameFaultSource;
  readonly record: FrameRecorder;
  /** Aborts when the connection is gone. */
  readonly gone: AbortSignal;
}

/** The connection that faults may end or silence. */
export interface Gated {
  readonly isOpen: boolean;
  isSilent: boolean;
  readonly close: (code: number, reason?: string) => void;
  readonly reset: () => void;
}

/** How many frames of a connection may wait at once; more are lost. */
const MAX_WAITING = 10_000;
/** Faults after which nothing has arrived that the frames before could be behind. */
const LATE: readonly FrameFault["kind"][] = ["drop", "delay", "hold", "reorder"];

/** Lets the frames of one connection pass, writes them down and does to them what the rules say. */
export function createGate({ connection, platform, faults, record, gone }: GateContext, line: Gated): (passing: Passing) => void {
  const overtaken: Record<FrameDirection, (() => void)[]> = { in: [], out: [] };
  let waiting = 0;

  function takeSeat(): boolean {
    if (waiting === MAX_WAITING) return false;
    waiting += 1;
    return true;
  }

  function hit({ fault, released }: FrameStrike, { direction, data, deliver }: Passing): void {
    const deliverLate = (): void => {
      waiting -= 1;
      deliver(data);
    };
    switch (fault.kind) {
      case "delay":
      case "hold":
        if (takeSeat()) void obstructFrame(fault, AbortSignal.any([released, gone])).then(deliverLate);
        return;
      case "reorder":
        if (takeSeat()) overtaken[direction].push(deliverLate);
        return;
      case "silence":
        line.isSilent = true;
        void aborted(released).then(() => (line.isSilent = false));
        return;
      case "close":
        line.close(fault.code, fault.reason);
        return;
      case "reset":
        line.reset();
        return;
      default:
        for (const arriving of damageFrame(fault, data)) deliver(arriving);
    }
  }

  return ({ deliver, ...seen }) => {
    if (!line.isOpen || line.isSilent) return;
    const { direction, frame, data } = seen;
    const strike = faults.take({ platform, connection, direction, frame });
    record.note({ platform, connection, ...seen, ...(strike === undefined ? {} : { fault: strike.fault.kind }) });
    const guarded = (arriving: FrameData): void => {
      if (line.isOpen && !line.isSilent) deliver(arriving);
    };
    const behind = overtaken[direction].splice(0);
    if (strike === undefined) guarded(data);
    else hit(strike, { ...seen, deliver: guarded });
    strike?.landed();
    if (strike !== undefined && LATE.includes(strike.fault.kind)) overtaken[direction].unshift(...behind);
    else for (const deliverNow of behind) deliverNow();
  };
}
