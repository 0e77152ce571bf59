import { Agent, type RequestOptions } from "node:http";
import type { Duplex } from "node:stream";
import { connectTo, type ConnectOptions } from "../dialling/connect.ts";

/** Where a request goes and which idle connections it may use. */
export interface Route extends ConnectOptions {
  readonly url: URL;
  /** Connections are shared by requests with the same key only. */
  readonly poolKey: string;
}

/** Request options that know their way. */
export interface RoutedOptions extends RequestOptions {
  readonly route: Route;
}

/** How long a connection may lie idle. Servers close theirs after 5 s or more, and a request that meets a closing one is lost. */
const IDLE_MS = 4_000;
const MAX_IDLE_COUNT = 16;

/**
 * Keeps connections open between requests, and lets a request see none that is not ready yet: name, proxy and TLS are
 * done before it is given a socket.
 *
 * Idle connections go after 4 s, or sooner where the server's `Keep-Alive` header says so, and hold no process alive.
 */
export class RoutedAgent extends Agent {
  constructor() {
    super({ keepAlive: true, timeout: IDLE_MS, maxFreeSockets: MAX_IDLE_COUNT, scheduling: "lifo" });
  }

  override getName(options: RoutedOptions): string {
    return options.route.poolKey;
  }

  override createConnection(options: RoutedOptions, callback: (error: Error | null, socket?: Duplex) => void): undefined {
    connectTo(options.route.url, options.route).then(
      (socket) => callback(null, socket),
      (error: unknown) => callback(error instanceof Error ? error : new TypeError("aborted", { cause: error })),
    );
  }
}
