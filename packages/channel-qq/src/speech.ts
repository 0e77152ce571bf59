import { createHeartbeat, type ChannelContext, type Socket } from "@revka/core";
import type { Resume } from "./resume.ts";
import { encodeHeartbeat, encodeIdentify, encodeResume } from "./wire.ts";

/** What we say to the gateway. */
export interface Speech {
  identify(): void;
  resume(): void;
  /** One heartbeat, which tells what is done with. */
  beat(): void;
  /** Sends heartbeats from now on. The connection ends when nothing at all is heard for two of them. */
  startHeart(intervalMs: number): void;
}

/** A connection that was just made. */
export interface Connection {
  readonly socket: Socket;
  readonly token: string;
  /** Calls back at every sign of life from now on. */
  readonly onActivity: (heard: () => void) => void;
  /** Ends it. */
  readonly signal: AbortSignal;
}

/** What speaking needs. */
export interface SpeechMeans {
  readonly context: ChannelContext;
  readonly resume: Pick<Resume, "session">;
  /** The connection is over. */
  readonly over: AbortSignal;
}

/** Speaks on a connection. */
export function createSpeech({ socket, token, onActivity }: Connection, { context: { instance: channel, logger, clock }, resume, over }: SpeechMeans): Speech {
  function send(frame: string): void {
    // Where it fails, the connection is over, and says so itself.
    socket.send(frame).catch(() => undefined);
  }
  function beat(): void {
    send(encodeHeartbeat(resume.session?.sequence));
  }
  return {
    identify() {
      send(encodeIdentify(token));
      logger.info({ channel }, "QQ: connected and sent Identify");
    },
    resume() {
      if (resume.session === undefined) return;
      send(encodeResume(token, resume.session.id, resume.session.sequence));
      logger.debug({ channel }, "QQ: connected and sent Resume");
    },
    beat,
    startHeart(intervalMs) {
      const onStale = (silentMs: number): void => socket.terminate(`nothing heard for ${Math.round(silentMs / 1000)} s`);
      const heart = createHeartbeat({ clock, intervalMs, timeoutMs: 2 * intervalMs, ping: beat, onStale, signal: over });
      onActivity(() => heart.heard());
    },
  };
}
