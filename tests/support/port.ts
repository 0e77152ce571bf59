import { createServer, type AddressInfo } from "node:net";

/** A port that nobody listens on. */
export function freePort(): number {
  return bind(0) ?? 0;
}

/** Whether somebody listens on a port of this machine. */
export function isTaken(port: number): boolean {
  return bind(port) === undefined;
}

/** Without a host, and so without a lookup, a server has its port at once or never. */
function bind(port: number): number | undefined {
  const server = createServer().on("error", () => undefined).listen(port);
  const address = server.listening ? (server.address() as AddressInfo).port : undefined;
  server.close();
  return address;
}
