import { createServer, type Server } from "node:http";
import type { Duplex } from "node:stream";
import { SandboxError } from "../errors.ts";

/** The port of `revka sandbox` and of every example. */
export const DEFAULT_SANDBOX_PORT = 42680;

/** Where the sandbox listens; nothing outside this machine reaches it. */
const HOST = "127.0.0.1";
/** Longer than clients keep an idle connection, so that none is closed under a request. */
const KEEP_ALIVE_MS = 65_000;

/** An HTTP server that can leave its port and come back to it. */
export interface Port {
  readonly server: Server;
  readonly number: number;
  /** Listens again. Does nothing while it listens. @throws SandboxError when the port is taken meanwhile. */
  open(): Promise<void>;
  /** Stops listening and drops every connection. */
  close(): Promise<void>;
}

/**
 * Listens on loopback.
 *
 * @param wanted - 0 for any free port.
 * @throws SandboxError when the port is taken.
 */
export async function openPort(wanted: number): Promise<Port> {
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS });
  const upgraded = new Set<Duplex>();
  server.on("upgrade", (_request, socket) => {
    upgraded.add(socket);
    socket.once("close", () => upgraded.delete(socket));
  });
  await listen(server, wanted);
  const address = server.address();
  const number = typeof address === "object" && address !== null ? address.port : wanted;
  return {
    server,
    number,
    open: async () => {
      if (!server.listening) await listen(server, number);
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
        // The server does not count a connection that became a WebSocket among its own.
        for (const socket of upgraded) socket.destroy();
      }),
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const onError = (cause: NodeJS.ErrnoException): void => {
      const hint = cause.code === "EADDRINUSE" ? "another sandbox may be running: stop it or choose another port" : cause.message;
      reject(new SandboxError(`cannot listen on ${HOST}:${port}: ${hint}`, { cause }));
    };
    server.once("error", onError);
    server.listen(port, HOST, () => {
      server.off("error", onError);
      resolve();
    });
  });
}
