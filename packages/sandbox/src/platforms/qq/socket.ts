import { jsonAnswer } from "../../server/http-message.ts";
import type { Line, LineEvents } from "../../server/line.ts";
import type { PlatformContext, Upgrade } from "../platform.ts";
import type { LiveConnection, QqClose } from "./connections.ts";
import { login } from "./login.ts";
import type { QqState } from "./state.ts";
import { type ClientFrame, OPCODE, readFrame, renderFrame } from "./wire.ts";

/** Where the gateway is. */
export const SOCKET_PATH = "/websocket/";

const EXPIRED = 4009;

type Later = (ms: number, task: () => void) => void;

/** Takes over the handshakes of clients. */
export function createUpgrade(state: QqState, { agenda, lines }: Pick<PlatformContext, "agenda" | "lines">): Upgrade {
  return (handshake) => {
    if (handshake.path.replace(/\/*$/, "/") !== SOCKET_PATH) return jsonAnswer(404, { code: 404, message: "no such path" });
    lines.accept(handshake, (line) => {
      const { connection, end } = createConnection(state, line);
      return attend(state, connection, { end, later: (ms, task) => agenda.at(state.now() + ms, task) });
    });
    return undefined;
  };
}

function createConnection(state: QqState, line: Line): { connection: LiveConnection; end: (close: QqClose) => void } {
  const { promise: closed, resolve: end } = Promise.withResolvers<QqClose>();
  const connection: LiveConnection = {
    id: line.id,
    order: state.nextOrder(),
    openedAt: state.now(),
    beatAt: state.now(),
    state: "open",
    session: undefined,
    closed,
    line,
    close: (code = 1000, reason = "") => line.close(code, reason),
    terminate: () => line.terminate(),
    reset: () => line.reset(),
    silence: () => {
      line.isSilent = true;
      return () => (line.isSilent = false);
    },
    reconnect: () => line.send("reconnect", renderFrame(OPCODE.reconnect)),
    invalidate: (isResumable) => {
      if (connection.state === "closed") return;
      state.sessions.leave(connection, { isResumable: isResumable === true });
      connection.session = undefined;
      connection.state = "open";
      line.send("invalid-session", renderFrame(OPCODE.invalidSession, isResumable));
    },
    beat: () => line.send("heartbeat", renderFrame(OPCODE.heartbeat, null)),
    sendRaw: (data) => line.send("raw", data),
  };
  return { connection, end };
}

/** Says hello, counts the connection among the open ones, and reads what comes. */
function attend(state: QqState, connection: LiveConnection, { end, later }: { readonly end: (close: QqClose) => void; readonly later: Later }): LineEvents {
  const { id, line } = connection;
  state.connections.set(id, connection);
  state.connectionLog.append(() => connection);
  line.send("hello", renderFrame(OPCODE.hello, { heartbeat_interval: state.behaviour.heartbeatIntervalMs }));
  const { expiresAfterMs } = state.behaviour;
  if (expiresAfterMs > 0) later(expiresAfterMs, () => connection.close(EXPIRED, "Session timed out"));
  watch(state, connection, later);
  return {
    nameOf: (data) => readFrame(data).kind,
    received: (data) => receive(state, connection, readFrame(data)),
    closed: (code, reason) => {
      connection.state = "closed";
      state.connections.delete(id);
      state.sessions.leave(connection);
      end({ order: state.nextOrder(), at: state.now(), code, reason });
    },
  };
}

/** Closes a connection whose client has stopped beating, if that is switched on. */
function watch(state: QqState, connection: LiveConnection, later: Later): void {
  const { silenceLimitMs } = state.behaviour;
  if (silenceLimitMs === 0 || connection.state === "closed") return;
  later(connection.beatAt + silenceLimitMs - state.now(), () => {
    if (state.now() - connection.beatAt >= silenceLimitMs) connection.close(EXPIRED, "Session timed out");
    else watch(state, connection, later);
  });
}

function receive(state: QqState, connection: LiveConnection, frame: ClientFrame): void {
  switch (frame.kind) {
    case "heartbeat":
      connection.beatAt = state.now();
      state.heartbeats.append((seq) => ({ seq, order: state.nextOrder(), at: state.now(), connection: connection.id, s: frame.s }));
      connection.line.send("heartbeat-ack", renderFrame(OPCODE.heartbeatAck));
      return;
    case "identify":
    case "resume":
      login(state, connection, frame);
      return;
    case "unknown":
      connection.close(frame.closeCode);
  }
}
