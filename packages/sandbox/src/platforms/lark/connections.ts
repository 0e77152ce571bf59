import type { Line } from "../../server/line.ts";
import type { LarkFrame } from "./frame.ts";
import type { LarkTicket } from "./tickets.ts";

/** How a connection ended. */
export interface LarkClose {
  /** Counts everything that the platform saw, so that a smaller one came first. */
  readonly order: number;
  /** Epoch ms. */
  readonly at: number;
  /** 1006 when there was no closing handshake. */
  readonly code: number;
  readonly reason: string;
}

/** One client's long connection. */
export interface LarkConnection extends LarkTicket {
  /** As rules about frames, and the record of frames, know it. */
  readonly id: number;
  /** Counts everything that the platform saw, so that a smaller one came first. */
  readonly order: number;
  /** Epoch ms. */
  readonly openedAt: number;
  readonly isOpen: boolean;
  /** Resolves when it is gone. */
  readonly closed: Promise<LarkClose>;
  /** Closes it with a handshake; default 1000. */
  close(code?: number, reason?: string): void;
  /** Ends TCP without a closing handshake. */
  terminate(): void;
  /** Resets TCP. */
  reset(): void;
  /** Lets nothing pass any more, in both directions, while TCP stays open. @returns lets things pass again. */
  silence(): () => void;
  /** Sends it a ping of the platform, which clients leave unanswered. */
  ping(): void;
  /** Sends a frame as it is; fields that are not given are those of an event. The headers `type`, `sum` and `seq` are given as for a whole event. */
  sendFrame(frame: Partial<LarkFrame>): void;
  /** Sends bytes or text as they are. */
  sendRaw(data: string | Uint8Array): void;
}

/** A connection as the platform's own parts see it. */
export interface LiveConnection extends LarkConnection {
  readonly line: Line;
  /** Numbers for the next frame. */
  nextIds(): Pick<LarkFrame, "seqId" | "logId">;
}

/** A `ping` of a client. */
export interface LarkPing {
  readonly seq: number;
  /** Counts everything that the platform saw, so that a smaller one came first. */
  readonly order: number;
  /** Epoch ms. */
  readonly at: number;
  readonly connection: number;
  /** What is wrong with its form, in words. */
  readonly problems: readonly string[];
}
