import { once } from "node:events";
import { createServer } from "node:http";
import { connect, type AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { onTestFinished } from "vitest";

/** An HTTP proxy on loopback that takes any user and any password. */
export interface OpenProxy {
  readonly port: number;
  /** The credentials that clients came with, decoded. */
  readonly credentials: ReadonlySet<string>;
  /** From now on it takes nobody, and says to each what they came with; or everybody again. */
  readonly refuse: (isRefusing: boolean) => void;
}

/** Starts a proxy that is gone when the test is over. */
export async function startOpenProxy(): Promise<OpenProxy> {
  const credentials = new Set<string>();
  const clients = new Set<Duplex>();
  let isRefusing = false;
  const server = createServer().on("connect", ({ url = "", headers }, client: Duplex) => {
    const given = Buffer.from((headers["proxy-authorization"] ?? "").replace("Basic ", ""), "base64").toString();
    credentials.add(given);
    clients.add(client);
    client.on("error", () => undefined).on("close", () => clients.delete(client));
    if (isRefusing) {
      client.end(`HTTP/1.1 407 ${given} is not known here\r\nProxy-Authenticate: Basic realm="${given}"\r\nContent-Length: ${given.length}\r\n\r\n${given}`);
      return;
    }
    const onward = connect(Number(new URL(`http://${url}`).port), "127.0.0.1", () => client.write("HTTP/1.1 200 Connection established\r\n\r\n"));
    onward.on("error", () => client.destroy()).on("close", () => client.destroy());
    client.on("close", () => onward.destroy());
    onward.pipe(client).pipe(onward);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const cut = (): void => clients.forEach((client) => client.destroy());
  onTestFinished(() => {
    cut();
    server.close();
  });
  return {
    port: (server.address() as AddressInfo).port,
    credentials,
    refuse(isNow) {
      isRefusing = isNow;
      cut();
    },
  };
}
