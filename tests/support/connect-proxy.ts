import { once } from "node:events";
import { createServer } from "node:http";
import { connect, type AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

/** An HTTP proxy on loopback that lets everybody through. */
export interface ConnectProxy {
  readonly url: string;
  /** What it was asked to connect to, e.g. `"api.example.test:443"`. */
  readonly targets: readonly string[];
}

/** Starts a proxy that is gone when the test is over. Every name it is given leads to this machine. */
export async function startConnectProxy(): Promise<ConnectProxy> {
  const targets: string[] = [];
  const server = createServer().listen(0, "127.0.0.1");
  server.on("connect", ({ url: target = "" }, socket) => {
    targets.push(target);
    const onward = connect(Number(target.slice(target.lastIndexOf(":") + 1)), "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
      onward.pipe(socket).pipe(onward);
    });
    const end = (): void => {
      socket.destroy();
      onward.destroy();
    };
    for (const side of [socket, onward]) side.on("error", end).on("close", end);
  });
  onTestFinished(() => void server.close());
  await once(server, "listening");
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, targets };
}
