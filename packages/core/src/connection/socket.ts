import type { RawData, WebSocket } from "ws";
import { connectTo } from "../dialling/connect.ts";
import type { ChannelContext } from "../contract/context.ts";
import { onceAborted, withDeadline } from "../dialling/deadline.ts";
import { isChannelError, TransientError, type ChannelError } from "../contract/errors.ts";
import { faultOf } from "../dialling/fault.ts";
import { createFrameQueue, type Frame } from "./frame-queue.ts";
import { chooseProxy, type ProxyChoice } from "../dialling/proxy.ts";
import { refusalError, shakeHands, type HandshakeRefusal } from "./socket-handshake.ts";
import { trustBesides } from "../dialling/trust.ts";

/** How a WebSocket is opened. */
export interface SocketOptions {
  /** The socket's whole life: an abort makes opening fail, and closes what is open. */
  readonly signal: AbortSignal;
  /** The channel's own proxy setting; it wins over the host's. */
  readonly proxyUrl?: ProxyChoice | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  /** A larger message ends the connection with code 1009. @default 8 MiB */
  readonly maxFrameBytes?: number;
  /** Over name, proxy, TLS and upgrade together. @default 15_000 */
  readonly handshakeTimeoutMs?: number;
  /** Called for every sign of life: a message, a ping, a pong. Must not throw. */
  readonly onActivity?: () => void;
  /** How long `close` waits for the other side's goodbye. @default 2_000 */
  readonly closeTimeoutMs?: number;
  /**
   * What a refused handshake means.
   * @default AuthError for 401 and 403, else TransientError
   */
  readonly toRefusalError?: (refusal: HandshakeRefusal) => ChannelError;
  /** A PEM certificate that is trusted besides the system's. */
  readonly ca?: string;
}

/** How a connection ended. */
export interface SocketClose {
  /** The close code of RFC 6455; 1006 when there was no goodbye. */
  readonly code: number;
  readonly reason: string;
}

/** An open WebSocket. */
export interface Socket extends AsyncDisposable {
  /** What comes in, for one reader; ends when the connection does. Where the reader is slow, the other side is slowed down. */
  readonly frames: AsyncIterable<Frame>;
  /**
   * Resolves when the frame was handed to the system.
   * @throws TransientError when the connection is closed, or 16 MiB wait to be sent.
   */
  send(data: Frame): Promise<void>;
  /**
   * Sends a ping of the WebSocket protocol; its pong is told to `onActivity`.
   * @throws TransientError when the connection is closed.
   */
  ping(): Promise<void>;
  /** Resolves at the first sign of life, and never where there is none. */
  readonly heard: Promise<void>;
  /** Has our goodbye, but for that of `close`, wait for work whose outcome is still to be sent; not longer than for the other side's goodbye. */
  hold(work: Promise<unknown>): void;
  /** Resolves, always, when the connection has ended for whatever reason. */
  readonly closed: Promise<SocketClose>;
  /** Says goodbye and waits for the answer, but not long. @param code - 1000 by default; 3000 to 4999 are free to use. */
  close(code?: number, reason?: string): Promise<void>;
  /** Ends a connection that is dead already, at once; `closed` tells this reason with code 1006. */
  terminate(reason: string): void;
}

const DEFAULT_MAX_FRAME_BYTES = 8 * 1024 * 1024;
const DEFAULT_HANDSHAKE_TIMEOUT_MS = 15_000;
const DEFAULT_CLOSE_TIMEOUT_MS = 2_000;
const QUEUE = { maxCount: 1_024, maxBytes: 16 * 1024 * 1024 } as const;
const MAX_UNSENT_BYTES = 16 * 1024 * 1024;
const SIGNS_OF_LIFE = ["message", "ping", "pong"] as const;

/**
 * Opens a WebSocket, through the channel's or the host's proxy.
 *
 * @throws TransientError when it cannot be opened in time, what `toRefusalError` says when the platform refuses, or the
 * signal's reason.
 */
export async function openSocket(context: ChannelContext, url: string | URL, options: SocketOptions): Promise<Socket> {
  const { signal: life, headers = {}, maxFrameBytes = DEFAULT_MAX_FRAME_BYTES, toRefusalError = refusalError } = options;
  const target = new URL(url);
  const proxy = chooseProxy(target, options.proxyUrl, context.proxyFor);
  try {
    const socket = await withDeadline(options.handshakeTimeoutMs ?? DEFAULT_HANDSHAKE_TIMEOUT_MS, life, async (signal) => {
      const connection = await connectTo(target, { proxy, signal, secureContext: trustBesides(options.ca) });
      return shakeHands({ url: target, connection, headers, maxFrameBytes, toRefusalError }, signal);
    });
    if (life.aborted) socket.terminate();
    life.throwIfAborted();
    const { closeTimeoutMs = DEFAULT_CLOSE_TIMEOUT_MS, onActivity } = options;
    return takeOver(socket, { life, closeTimeoutMs, onActivity });
  } catch (error) {
    life.throwIfAborted();
    if (isChannelError(error)) throw error;
    throw new TransientError(`cannot connect to ${target.origin}${target.pathname}: ${faultOf(error)}`, { channel: context.instance, cause: error });
  }
}

interface TakeOverOptions {
  readonly life: AbortSignal;
  readonly closeTimeoutMs: number;
  readonly onActivity: (() => void) | undefined;
}

function takeOver(socket: WebSocket, { life, closeTimeoutMs, onActivity }: TakeOverOptions): Socket {
  const queue = createFrameQueue({ ...QUEUE, pause: () => socket.pause(), resume: () => socket.resume() });
  let fault = "";
  socket.on("message", (data, isBinary) => queue.push(toFrame(data, isBinary)));
  if (onActivity !== undefined) for (const sign of SIGNS_OF_LIFE) socket.on(sign, onActivity);
  const heard = new Promise<void>((resolve) => {
    for (const sign of SIGNS_OF_LIFE) socket.once(sign, () => resolve());
  });
  socket.on("error", (error) => {
    fault = faultOf(error);
  });
  const closed = new Promise<SocketClose>((resolve) => {
    socket.once("close", (code, reason) => {
      forget();
      queue.end();
      resolve({ code, reason: reason.length === 0 ? fault : reason.toString() });
    });
  });
  const forget = onceAborted(life, () => void leave());
  const held = new Set<Promise<unknown>>();

  function hold(work: Promise<unknown>): void {
    held.add(work);
    const release = (): void => void held.delete(work);
    work.then(release, release);
  }

  /** Reads nothing more, and says goodbye once what is under way was said. */
  async function leave(): Promise<void> {
    queue.end();
    if (socket.readyState === socket.OPEN && held.size > 0) {
      const limit = Promise.withResolvers<undefined>();
      const timer = setTimeout(() => limit.resolve(undefined), closeTimeoutMs);
      await Promise.race([Promise.allSettled(held), limit.promise, closed]);
      clearTimeout(timer);
    }
    await close();
  }

  function terminate(reason: string): void {
    fault = reason;
    socket.terminate();
  }

  async function close(code = 1000, reason = ""): Promise<void> {
    queue.end();
    socket.resume();
    socket.close(code, reason);
    const timer = setTimeout(() => terminate("no goodbye"), closeTimeoutMs);
    await closed;
    clearTimeout(timer);
  }

  socket.resume();
  return {
    frames: queue.frames,
    heard,
    hold,
    send: (data) => send(socket, data),
    ping: () => ping(socket),
    closed,
    close,
    terminate,
    [Symbol.asyncDispose]: leave,
  };
}

function send(socket: WebSocket, data: Frame): Promise<void> {
  return new Promise((resolve, reject) => {
    if (socket.readyState !== socket.OPEN) reject(new TransientError("the connection is closed"));
    else if (socket.bufferedAmount > MAX_UNSENT_BYTES) reject(new TransientError("the connection is too slow for what is sent"));
    else socket.send(data, (error) => (error ? reject(new TransientError(`not sent: ${faultOf(error)}`, { cause: error })) : resolve()));
  });
}

function ping(socket: WebSocket): Promise<void> {
  return new Promise((resolve, reject) => {
    if (socket.readyState !== socket.OPEN) reject(new TransientError("the connection is closed"));
    else socket.ping(undefined, undefined, (error: Error | null | undefined) => (error ? reject(new TransientError(`not sent: ${faultOf(error)}`, { cause: error })) : resolve()));
  });
}

/** The library gives a Buffer unless told otherwise; its type allows more. */
function toFrame(data: RawData, isBinary: boolean): Frame {
  const bytes = Buffer.isBuffer(data) ? data : Buffer.concat([data].flat().map((part) => new Uint8Array(part)));
  return isBinary ? bytes : bytes.toString();
}
