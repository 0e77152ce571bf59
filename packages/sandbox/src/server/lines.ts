import { WebSocket, WebSocketServer } from "ws";
import type { FrameFaultSource } from "../faults/frame-faults.ts";
import type { FrameRecorder } from "../record/frame-record.ts";
import { createLine, type Line, type LineEvents } from "./line.ts";
import type { Handshake } from "../platforms/platform.ts";

/** The largest frame that a client may send, 1 MiB. */
const MAX_FRAME_BYTES = 1_048_576;

/** Makes WebSockets of handshakes. */
export interface Lines {
  /** Accepts a handshake; `open` is called with the line before any frame arrives. */
  accept(handshake: Handshake, open: (line: Line) => LineEvents): void;
}

/** What every line of a sandbox shares. */
export interface LinesOptions {
  readonly faults: FrameFaultSource;
  readonly record: FrameRecorder;
}

/** Creates the {@link Lines} of each platform, whose connections are counted together. */
export function createLines({ faults, record }: LinesOptions): (platform: string) => Lines {
  const server = new WebSocketServer({ noServer: true, clientTracking: false, autoPong: false, maxPayload: MAX_FRAME_BYTES, WebSocket: MutedSocket });
  let lastId = 0;
  return (platform) => ({
    accept: ({ request, socket, head }, open) => {
      server.handleUpgrade(request, socket, head, (peer) => {
        const line = createLine(peer, { connection: ++lastId, platform, faults, record, reset: () => request.socket.resetAndDestroy() }, open);
        peer.isMuted = () => line.isSilent;
      });
    },
  });
}

/** A WebSocket that leaves the other side's close frame without an answer while its line is silent. */
class MutedSocket extends WebSocket {
  isMuted: () => boolean = () => false;

  override close(code?: number, data?: string | Buffer): void {
    if (!this.isMuted()) super.close(code, data);
  }
}
