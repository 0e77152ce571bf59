import type { Line } from "../../server/line.ts";
import type { DingtalkRegistration } from "./tickets.ts";
import type { DingtalkPush } from "./wire.ts";

/** How a connection ended. */
export interface DingtalkClose {
  /** Counts everything that the platform saw, so that a smaller one came first. */
  readonly order: number;
  /** Epoch ms. */
  readonly at: number;
  /** 1006 when there was no closing handshake. */
  readonly code: number;
  readonly reason: string;
}

/** One client's stream connection. */
export interface DingtalkConnection extends DingtalkRegistration {
  /** As rules about frames, and the record of frames, know it. */
  readonly id: number;
  /** Counts everything that the platform saw, so that a smaller one came first. */
  readonly order: number;
  /** Epoch ms. */
  readonly openedAt: number;
  /** Of the registration that it was opened with; no two connections may share it unless switched so. */
  readonly ticket: string;
  /** `"draining"`: told to disconnect, gets no more messages. */
  readonly state: "open" | "draining" | "closed";
  /** Resolves when it is gone. */
  readonly closed: Promise<DingtalkClose>;
  /** Tells it to disconnect, gives it no more messages, and ends TCP after the grace period. */
  disconnect(reason?: string): void;
  /** Closes it with a handshake; default 1000. */
  close(code?: number, reason?: string): void;
  /** Ends TCP without a closing handshake. */
  terminate(): void;
  /** Resets TCP. */
  reset(): void;
  /** Lets nothing pass any more, in both directions, while TCP stays open. @returns lets things pass again. */
  silence(): () => void;
  /** Sends it a `SYSTEM` ping; its `data` is a fresh `opaque` unless given. @returns the opaque. */
  ping(data?: unknown): string;
  /** Sends bytes or text as they are. */
  sendRaw(data: string | Uint8Array): void;
}

/** A connection as the platform's own parts see it. */
export interface LiveConnection extends DingtalkConnection {
  state: DingtalkConnection["state"];
  readonly line: Line;
}

/** Whether a frame goes to this connection of itself. */
export function isEligible(connection: DingtalkConnection, { type, topic }: Pick<DingtalkPush, "type" | "topic">): boolean {
  return connection.state === "open" && (type === "SYSTEM" || connection.subscriptions.some((wanted) => wanted.type === type && wanted.topic === topic));
}
