import type { WebSocket } from "ws";
import type { FrameData } from "../faults/frame-damage.ts";
import { createGate, type Gated, type GateContext } from "../faults/frame-gate.ts";

/** One client's WebSocket, with everything that can go wrong on it. */
export interface Line extends Gated {
  /** Counts from 1, over all platforms. */
  readonly id: number;
  readonly isOpen: boolean;
  /** While true, nothing passes in either direction and TCP stays open. */
  isSilent: boolean;
  /** Sends a frame; `frame` is what the platform calls it. Does nothing on a line that is no longer open. */
  readonly send: (frame: string, data: FrameData) => void;
  readonly close: (code: number, reason?: string) => void;
  /** Ends TCP without a closing handshake. */
  readonly terminate: () => void;
  /** Resets TCP, as a failing network does. */
  readonly reset: () => void;
}

/** What a platform does with a line. */
export interface LineEvents {
  /** What the platform calls a frame of the client. */
  readonly nameOf: (data: FrameData) => string;
  /** A frame that arrived. */
  readonly received: (data: FrameData) => void;
  /** The line is gone; 1006 when there was no closing handshake. */
  readonly closed: (code: number, reason: string) => void;
}

/** What surrounds a line. */
export interface LineContext extends Omit<GateContext, "gone"> {
  /** Resets the TCP connection. */
  readonly reset: () => void;
}

/** Puts faults and record around a WebSocket that does not answer pings by itself. */
export function createLine(socket: WebSocket, { reset, ...context }: LineContext, open: (line: Line) => LineEvents): Line {
  const gone = new AbortController();
  const line: Line = {
    id: context.connection,
    get isOpen() {
      return socket.readyState === socket.OPEN;
    },
    isSilent: false,
    send: (frame, data) => pass({ direction: "out", frame, data, deliver: (sent) => socket.send(sent) }),
    close: (code, reason) => {
      line.isSilent = false;
      socket.close(code, reason);
    },
    terminate: () => socket.terminate(),
    reset,
  };
  const pass = createGate({ ...context, gone: gone.signal }, line);
  const events = open(line);
  socket.on("message", (bytes: Buffer, isBinary) => {
    const data = isBinary ? bytes : bytes.toString();
    pass({ direction: "in", frame: events.nameOf(data), data, deliver: (arrived) => events.received(arrived) });
  });
  socket.on("ping", (data) => pass({ direction: "in", frame: "ws-ping", data, deliver: (echo) => socket.pong(echo) }));
  // Bytes that are no frame: the library closes the connection and 'close' follows.
  socket.on("error", () => undefined);
  socket.on("close", (code, reason) => {
    gone.abort();
    events.closed(code, reason.toString());
  });
  return line;
}
