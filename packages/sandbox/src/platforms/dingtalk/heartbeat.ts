import { randomUUID } from "node:crypto";
import type { Agenda } from "../../server/agenda.ts";
import { setBounded } from "../../record/bounded-map.ts";
import { createLog, type Log } from "../../record/log.ts";
import type { DingtalkBehaviour } from "./behaviour.ts";
import type { LiveConnection } from "./connections.ts";
import { LIMITS } from "./limits.ts";
import { type Answer, readData, renderFrame } from "./wire.ts";

/** A `SYSTEM` ping and its answer. */
export interface DingtalkPing {
  readonly seq: number;
  /** Epoch ms. */
  readonly at: number;
  readonly connection: number;
  readonly messageId: string;
  readonly opaque: string;
  /** Epoch ms; absent while there is no answer. */
  readonly answeredAt?: number;
  /** Whether the answer's `data` was that of the ping. */
  readonly isEchoed?: boolean;
}

/** What pings stand on. */
export interface HeartbeatContext {
  readonly now: () => number;
  readonly agenda: Agenda;
  readonly closing: AbortSignal;
  readonly behaviour: () => DingtalkBehaviour;
}

/** Pings clients and ends connections that do not answer. */
export interface Heartbeat {
  readonly log: Log<DingtalkPing>;
  /** Pings it at every period until it closes. */
  start(connection: LiveConnection): void;
  /** Pings it now. @returns the opaque. */
  ping(connection: LiveConnection, data?: unknown): string;
  /** Whether a ping of this connection has this id. */
  isPing(messageId: string, connection: number): boolean;
  /** Takes the first answer to a ping. */
  answered(answer: Answer): void;
}

interface Sent extends Omit<DingtalkPing, "answeredAt" | "isEchoed"> {
  readonly data: string;
  answeredAt?: number;
  isEchoed?: boolean;
}

/** Creates a {@link Heartbeat} that has pinged nobody. */
export function createHeartbeat({ now, agenda, closing, behaviour }: HeartbeatContext): Heartbeat {
  const log = createLog<Sent>(LIMITS.keptCount, closing);
  const pings = new Map<string, Sent>();

  function ping(connection: LiveConnection, data?: unknown): string {
    const messageId = randomUUID();
    const opaque = `op-${messageId.slice(0, 8)}`;
    const sent = typeof data === "string" ? data : JSON.stringify(data ?? { opaque });
    const at = now();
    const entry = log.append((seq) => ({ seq, at, connection: connection.id, messageId, opaque, data: sent }));
    setBounded(pings, [messageId, entry], LIMITS.keptCount);
    const push = { type: "SYSTEM", topic: "ping", data: sent } as const;
    connection.line.send("SYSTEM ping", renderFrame(push, { messageId, connectionId: `sandbox-${connection.id}`, at, timeAs: "string", dataAs: "json" }));
    return opaque;
  }

  function beat(connection: LiveConnection): void {
    if (connection.state === "closed") return;
    const missed = [...pings.values()].filter((sent) => sent.connection === connection.id && sent.answeredAt === undefined).length;
    if (missed >= behaviour().missedPings) {
      connection.terminate();
      return;
    }
    ping(connection);
    schedule(connection);
  }

  function schedule(connection: LiveConnection): void {
    const { pingPeriodMs } = behaviour();
    if (pingPeriodMs > 0) agenda.at(now() + pingPeriodMs, () => beat(connection));
  }

  return {
    log,
    ping,
    start: (connection) => {
      schedule(connection);
      void connection.closed.then(() => {
        for (const [messageId, sent] of pings) if (sent.connection === connection.id) pings.delete(messageId);
      });
    },
    isPing: (messageId, connection) => pings.get(messageId)?.connection === connection,
    answered: ({ messageId = "", data }) => {
      const sent = pings.get(messageId);
      if (sent === undefined || sent.answeredAt !== undefined) return;
      sent.answeredAt = now();
      sent.isEchoed = JSON.stringify(data) === JSON.stringify(readData(sent.data));
      log.changed(sent);
    },
  };
}
