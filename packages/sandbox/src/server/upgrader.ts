import { type IncomingMessage, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { instead, obstruct } from "../faults/damage.ts";
import type { FaultSource, Strike } from "../faults/faults.ts";
import { type Answer, headOf } from "./http-message.ts";
import { locate } from "./listener.ts";
import type { Handshake, Upgrade } from "../platforms/platform.ts";
import type { Recorder } from "../record/record.ts";

/** What stands behind WebSocket handshakes. */
export interface UpgradeBackends {
  /** By the first segment of the path; only platforms that take WebSockets. */
  readonly platforms: ReadonlyMap<string, Upgrade>;
  readonly faults: FaultSource;
  readonly record: Recorder;
}

const NOT_FOUND: Answer = { status: 404, headers: {}, body: Buffer.from("no platform takes a WebSocket here: see /control/") };
const SWITCHED: Answer = { status: 101, headers: {}, body: new Uint8Array() };

/** The `upgrade` listener for a node:http server: handshakes are recorded and hit by faults as requests are. */
export function createUpgrader({ platforms, faults, record }: UpgradeBackends): (request: IncomingMessage, socket: Duplex, head: Buffer) => void {
  return (request, socket, head) => {
    // A peer may vanish at any moment: 'close' follows, and there is nobody to tell.
    socket.on("error", () => undefined);
    const { prefix, path, query } = locate(request.url ?? "/");
    const platform = platforms.has(prefix) ? prefix : "";
    const strike = faults.take({ platform, method: "GET", path });
    const scribe = record.open({ head: headOf(request), platform, path, query, ...(strike === undefined ? {} : { fault: strike.fault.kind }) });
    scribe.received();
    handshake({ request, socket, head, path, query }, platforms.get(prefix), strike)
      .then((answer) => {
        if (answer === undefined) request.socket.resetAndDestroy();
        else scribe.answered(answer);
        if (answer !== undefined && answer !== SWITCHED) socket.end(rawAnswer(answer));
      })
      .catch(() => socket.destroy())
      .finally(() => scribe.dropped());
  };
}

/** Lets the platform take the socket over; gives the answer to refuse with, or nothing when the connection is to be reset. */
async function handshake(request: Handshake, upgrade: Upgrade | undefined, strike: Strike | undefined): Promise<Answer | undefined> {
  const gone = new AbortController();
  request.socket.once("close", () => gone.abort());
  for (const stage of ["before-body", "before-work"] as const) {
    if (!(await obstruct(strike, stage, gone.signal))) return undefined;
  }
  const faulty = instead(strike?.fault);
  if (faulty !== undefined) strike?.landed();
  return faulty ?? (upgrade === undefined ? NOT_FOUND : (upgrade(request) ?? SWITCHED));
}

function rawAnswer({ status, headers, body }: Answer): Buffer {
  const lines = Object.entries({ ...headers, connection: "close", "content-length": String(body.length) }).map(([name, value]) => `${name}: ${value}`);
  return Buffer.concat([Buffer.from(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}\r\n${lines.join("\r\n")}\r\n\r\n`), body]);
}
