import type { Line } from "../../server/line.ts";

/** How a connection ended. */
export interface QqClose {
  /** Counts everything that the platform saw, so that a smaller one came first. */
  readonly order: number;
  /** Epoch ms. */
  readonly at: number;
  /** 1006 when there was no closing handshake. */
  readonly code: number;
  readonly reason: string;
}

/** One client's connection to the gateway. */
export interface QqConnection {
  /** As rules about frames, and the record of frames, know it. */
  readonly id: number;
  /** Counts everything that the platform saw, so that a smaller one came first. */
  readonly order: number;
  /** Epoch ms. */
  readonly openedAt: number;
  /** `"ready"`: identified or resumed, gets events. */
  readonly state: "open" | "ready" | "closed";
  /** Id of the session that it carries, or carried last. */
  readonly session: string | undefined;
  /** Resolves when it is gone. */
  readonly closed: Promise<QqClose>;
  /** Closes it with a handshake; default 1000. */
  close(code?: number, reason?: string): void;
  /** Ends TCP without a closing handshake. */
  terminate(): void;
  /** Resets TCP. */
  reset(): void;
  /** Lets nothing pass any more, in both directions, while TCP stays open. @returns lets things pass again. */
  silence(): () => void;
  /** Asks it to reconnect (op 7); it stays open. */
  reconnect(): void;
  /** Tells it that its session is invalid (op 9): for good (`false`), not for good (`true`), or without a word. From then on the session is without a connection, and unknown except after `true`. */
  invalidate(isResumable?: boolean): void;
  /** Sends it a heartbeat (op 1). */
  beat(): void;
  /** Sends bytes or text as they are. */
  sendRaw(data: string | Uint8Array): void;
}

/** A connection as the platform's own parts see it. */
export interface LiveConnection extends QqConnection {
  state: QqConnection["state"];
  session: string | undefined;
  /** Epoch ms of its last heartbeat, or of its beginning. */
  beatAt: number;
  readonly line: Line;
}
