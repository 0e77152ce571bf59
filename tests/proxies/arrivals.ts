import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { Socket } from "node:net";
import { onTestFinished } from "vitest";
import type { TestProxy } from "../support/proxy-server.ts";

/** The connections that somebody of this process listens for. */
export interface Arrivals {
  /** How many came so far. */
  readonly count: number;
  /** How many of these were none of this proxy's. */
  readonly besides: (...proxies: readonly TestProxy[]) => number;
}

/** Counts the connections that arrive at a port from now on, by where they come from. */
export function watchArrivals(port: number): Arrivals {
  const sources: (number | undefined)[] = [];
  const note = (message: unknown): void => {
    const { socket } = message as { readonly socket: Socket };
    if (socket.localPort === port) sources.push(socket.remotePort);
  };
  subscribe("net.server.socket", note);
  onTestFinished(() => void unsubscribe("net.server.socket", note));
  return {
    get count() {
      return sources.length;
    },
    besides: (...proxies) => sources.filter((source) => !proxies.some(({ ports }) => source !== undefined && ports.has(source))).length,
  };
}
