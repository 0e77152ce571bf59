import { replyTo, type InboundMessage, type ReplyTarget } from "@revka/core";
import { vi } from "vitest";
import { dispatch, groupMessage, listenToPlatform, privateMessage, type Bench, type Listening, type ListenOptions } from "./listening.test-support.ts";
import type { SocketPeer } from "./socket-peer.test-support.ts";

/** A channel that somebody has written to. */
export interface Talking extends Listening {
  readonly socket1: SocketPeer;
  /** What answers that message. */
  readonly target: ReplyTarget;
  /** The next message of the same person or group. */
  hear(id: string): Promise<InboundMessage>;
}

/** Somebody writes in private, or in a group. */
export async function talk(scene: "user" | "group" = "user", options: ListenOptions = {}): Promise<Talking> {
  const listening = await listenToPlatform(options);
  const socket1 = await listening.connected();
  let sequence = 1;
  const hear = (id: string): Promise<InboundMessage> => {
    sequence += 1;
    socket1.send(scene === "user" ? dispatch("C2C_MESSAGE_CREATE", privateMessage({ id }), sequence) : dispatch("GROUP_AT_MESSAGE_CREATE", groupMessage({ id }), sequence));
    return listening.next();
  };
  const target = replyTo(await hear("msg-1"));
  return { ...listening, socket1, target, hear };
}

/** Waits for `result` while time passes, so that waits between tries end. */
export async function whileTimePasses<T>({ clock }: Bench, result: Promise<T>): Promise<T> {
  let isOver = false;
  const ended = result.finally(() => (isOver = true));
  ended.catch(() => undefined);
  const isDone = (): boolean => isOver;
  while (!isDone()) {
    await vi.waitUntil(() => isOver || clock.pending > 0, { interval: 2, timeout: 5_000 });
    if (!isDone()) await clock.advance(1_000);
  }
  return ended;
}

/** A refusal with a code. */
export function refused(code: number, status = 400): { readonly status: number; readonly body: unknown } {
  return { status, body: { code, err_code: code, message: `refused with ${code}`, trace_id: "trace-1" } };
}
