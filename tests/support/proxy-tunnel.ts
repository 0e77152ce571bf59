import { connect, type Socket } from "node:net";
import { Transform } from "node:stream";
import type { ProxyProtocol, ProxyTarget } from "./proxy-protocol.ts";

/** What a tunnel goes by. */
export interface TunnelRules extends Pick<ProxyProtocol, "granted" | "unreachable"> {
  /** How much of what the target says passes, as it stands at any moment. */
  readonly limitBytes: () => number;
  /** Told once the target is reached, from which port of this machine. */
  readonly onOpen: (port: number | undefined) => void;
  /** Told when the limit has ended it. */
  readonly onLimit: () => void;
}

/** Joins a client with whom it asked for, and tells it so. Every name leads to this machine. */
export function openTunnel(client: Socket, { host, port, form }: ProxyTarget, rules: TunnelRules): void {
  const upstream = connect(port, form === "name" ? "127.0.0.1" : host);
  let isOpen = false;
  upstream.once("connect", () => {
    isOpen = true;
    rules.onOpen(upstream.localPort);
    client.write(rules.granted);
    upstream.pipe(createLimiter(rules, cutOff)).pipe(client).pipe(upstream);
  });
  upstream.on("error", () => (isOpen ? client.destroy() : client.end(rules.unreachable)));
  // Not before the port is known that it arrives from.
  client.on("close", () => (isOpen ? upstream.destroy() : upstream.once("connect", () => upstream.destroy())));

  function cutOff(last: Buffer): void {
    client.end(last);
    upstream.destroy();
    rules.onLimit();
  }
}

function createLimiter({ limitBytes }: TunnelRules, cutOff: (last: Buffer) => void): Transform {
  let passedBytes = 0;
  return new Transform({
    transform(bytes: Buffer, _encoding, done) {
      const restBytes = Math.max(0, limitBytes() - passedBytes);
      passedBytes += bytes.length;
      if (bytes.length <= restBytes) this.push(bytes);
      else cutOff(bytes.subarray(0, restBytes));
      done();
    },
  });
}
