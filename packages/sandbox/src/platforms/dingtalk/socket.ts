import { jsonAnswer } from "../../server/http-message.ts";
import type { Line, LineEvents } from "../../server/line.ts";
import type { PlatformContext, Upgrade } from "../platform.ts";
import type { DingtalkClose, LiveConnection } from "./connections.ts";
import type { DingtalkState } from "./state.ts";
import type { DingtalkRegistration } from "./tickets.ts";
import { type DingtalkPush, readAnswer, renderFrame } from "./wire.ts";

/** Where a client's ticket leads it. */
export const CONNECT_PATH = "/connect";

/** Takes over handshakes that show a good ticket. */
export function createUpgrade(state: DingtalkState, { agenda, lines }: Pick<PlatformContext, "agenda" | "lines">): Upgrade {
  return (handshake) => {
    if (handshake.path !== CONNECT_PATH) return jsonAnswer(404, { code: "NotFound", message: "no such path" });
    const ticket = new URLSearchParams(handshake.query).get("ticket") ?? "";
    const registration = state.tickets.redeem(ticket);
    if (registration === undefined) return jsonAnswer(state.behaviour.badTicketStatus, { code: "InvalidTicket", message: "ticket is invalid or expired" });
    lines.accept(handshake, (line) => {
      const { connection, end } = createConnection(state, { line, ticket, registration, later: (ms, task) => agenda.at(state.now() + ms, task) });
      return attend(state, connection, end);
    });
    return undefined;
  };
}

interface Opening {
  readonly line: Line;
  readonly ticket: string;
  readonly registration: DingtalkRegistration;
  readonly later: (ms: number, task: () => void) => void;
}

function createConnection(state: DingtalkState, { line, ticket, registration, later }: Opening): { connection: LiveConnection; end: (close: DingtalkClose) => void } {
  const { promise: closed, resolve: end } = Promise.withResolvers<DingtalkClose>();
  const connection: LiveConnection = {
    ...registration,
    id: line.id,
    order: state.nextOrder(),
    openedAt: state.now(),
    ticket,
    state: "open",
    closed,
    line,
    disconnect: (reason = "connection is expired") => {
      if (connection.state !== "open") return;
      system(state, line, { topic: "disconnect", data: { reason }, headers: { messageId: undefined } });
      connection.state = "draining";
      later(state.behaviour.graceMs, () => line.terminate());
    },
    close: (code = 1000, reason = "") => line.close(code, reason),
    terminate: () => line.terminate(),
    reset: () => line.reset(),
    silence: () => {
      line.isSilent = true;
      return () => (line.isSilent = false);
    },
    ping: (data) => state.heartbeat.ping(connection, data),
    sendRaw: (data) => line.send("raw", data),
  };
  const { disconnectAfterMs } = state.behaviour;
  if (disconnectAfterMs > 0) later(disconnectAfterMs, () => connection.disconnect());
  return { connection, end };
}

/** Counts the connection among the open ones, greets and pings it, and reads what it answers. */
function attend(state: DingtalkState, connection: LiveConnection, end: (close: DingtalkClose) => void): LineEvents {
  const { id, line } = connection;
  state.connections.set(id, connection);
  state.connectionLog.append(() => connection);
  state.heartbeat.start(connection);
  if (state.behaviour.greets) for (const topic of ["CONNECTED", "REGISTERED"]) system(state, line, { topic, data: "" });
  return {
    nameOf: (data) => nameOfAnswer(state, id, data),
    received: (data) => receive(state, id, data),
    closed: (code, reason) => {
      connection.state = "closed";
      state.connections.delete(id);
      end({ order: state.nextOrder(), at: state.now(), code, reason });
    },
  };
}

function system(state: DingtalkState, line: Line, push: Omit<DingtalkPush, "type">): void {
  const delivered = { messageId: `sys-${state.nextOrder()}`, connectionId: `sandbox-${line.id}`, at: state.now(), timeAs: "string", dataAs: "json" } as const;
  line.send(`SYSTEM ${push.topic}`, renderFrame({ type: "SYSTEM", ...push }, delivered));
}

function nameOfAnswer(state: DingtalkState, connection: number, data: string | Uint8Array): string {
  const { messageId } = readAnswer(data);
  return messageId !== undefined && state.heartbeat.isPing(messageId, connection) ? "pong" : "ack";
}

function receive(state: DingtalkState, connection: number, data: string | Uint8Array): void {
  const answer = readAnswer(data);
  if (answer.messageId !== undefined && state.heartbeat.isPing(answer.messageId, connection)) {
    state.heartbeat.answered(answer);
    return;
  }
  const attempt = answer.messageId === undefined ? undefined : state.deliveries.find(answer.messageId, connection);
  const isUnknown = answer.messageId !== undefined && attempt === undefined;
  const problems = isUnknown ? [...answer.problems, "headers.messageId is of no frame on this connection"] : answer.problems;
  const counts = attempt !== undefined && (problems.length === 0 || !state.behaviour.strictAcks);
  state.acks.append((seq) => ({
    ...answer, seq, order: state.nextOrder(), at: state.now(), connection, problems, counts, ...(attempt === undefined ? {} : { msgId: attempt.msgId }),
  }));
  if (attempt !== undefined && counts) state.deliveries.answered(attempt, answer);
}
