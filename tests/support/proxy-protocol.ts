import { once } from "node:events";
import type { Socket } from "node:net";

/** Whom a client asked for. */
export interface ProxyTarget {
  readonly host: string;
  readonly port: number;
  /** A name was left to the proxy; an address was given as such. */
  readonly form: "name" | "address";
}

/** What a proxy says and understands. */
export interface ProxyProtocol {
  /** Of its URL. */
  readonly scheme: string;
  /**
   * Hears a client out; undefined when it was sent away, since it is not known.
   * @throws RangeError for what the protocol does not allow.
   */
  readonly hear: (client: Socket, isKnown: (user: string, password: string) => boolean) => Promise<ProxyTarget | undefined>;
  readonly granted: string | Buffer;
  readonly refused: string | Buffer;
  readonly unreachable: string | Buffer;
}

/** Reads exactly so many bytes. @throws RangeError when the client ends before. */
export async function readBytes(client: Socket, count: number): Promise<Buffer> {
  for (;;) {
    const bytes = client.read(count) as Buffer | null;
    if (bytes?.length === count) return bytes;
    if (bytes !== null || client.readableEnded || client.destroyed) throw new RangeError("the client hung up in the middle of a sentence");
    await once(client, "readable");
  }
}

/** A client that goes on before it is answered would lose that to the protocol. @throws RangeError */
export function requireSilence(client: Socket): void {
  if (client.readableLength > 0) throw new RangeError("the client does not wait for its answer");
}
