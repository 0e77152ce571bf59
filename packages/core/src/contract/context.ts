import { systemClock, type Clock } from "./clock.ts";
import { silentLogger, type Logger } from "./logger.ts";
import { createMemoryStore } from "../state/memory-store.ts";
import type { ProxyChoice } from "../dialling/proxy.ts";
import type { Store } from "../state/store.ts";

/** What a channel may use of the world. A host brings its own; a program that uses one channel needs none of it. */
export interface ChannelContext {
  /** The instance: key of everything that is stored or logged. */
  readonly instance: string;
  readonly logger: Logger;
  /** This instance's own part of the store. */
  readonly store: Store;
  readonly clock: Clock;
  /** Uniform in [0, 1): for jitter. */
  readonly random: () => number;
  /** The one proxy decision for HTTP and WebSocket alike. A channel's own `proxyUrl` goes before it. */
  readonly proxyFor: (url: URL) => ProxyChoice;
  /** Tells the host's redactor a secret that was obtained at run time, e.g. a token. */
  readonly addSecret: (value: string) => void;
  /** Tells the host of each message whose sender is not on the list, so that an operator can find out whom to add. */
  readonly onDenied: (sender: DeniedSender) => void;
  /** Tells the host whenever an access token was asked for: whether one came. */
  readonly onTokenRefresh: (isRefreshed: boolean) => void;
}

/** Somebody who wrote and was not let in. */
export interface DeniedSender {
  /** Every id that the allowlist could name; the one to put on it comes first. */
  readonly ids: readonly string[];
  readonly conversationId?: string;
}

/** A context for a channel on its own: silent, in memory, without a proxy; give what you have. */
export function createContext(instance: string, overrides: Partial<Omit<ChannelContext, "instance">> = {}): ChannelContext {
  return {
    instance,
    logger: silentLogger,
    store: createMemoryStore(),
    clock: systemClock,
    random: Math.random,
    proxyFor: () => "direct",
    addSecret: () => undefined,
    onDenied: () => undefined,
    onTokenRefresh: () => undefined,
    ...overrides,
  };
}
