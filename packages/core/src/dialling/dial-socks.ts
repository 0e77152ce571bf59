import { isIP, type Socket } from "node:net";
import { TransientError } from "../contract/errors.ts";
import { readAnswer, type ProxyRequest } from "./proxy-answer.ts";

const VERSION = 5;
const METHOD = { none: 0x00, password: 0x02 } as const;

/** RFC 1928, section 6. */
const REPLIES: Readonly<Record<number, string>> = {
  1: "general failure",
  2: "not allowed by its rules",
  3: "network unreachable",
  4: "host unreachable",
  5: "connection refused by the target",
  6: "time to live expired",
  7: "command not supported",
  8: "address type not supported",
};

/**
 * Asks a SOCKS5 proxy for a connection (RFC 1928), with user and password (RFC 1929) where there are any.
 *
 * A name is sent as it is, so the proxy resolves it.
 *
 * @throws TransientError when the proxy refuses the credentials or the connection.
 */
export async function askSocksProxy(socket: Socket, request: ProxyRequest, signal: AbortSignal): Promise<void> {
  const { user, password } = request.credentials;
  const hasCredentials = user !== "" || password !== "";
  const methods = hasCredentials ? [METHOD.none, METHOD.password] : [METHOD.none];
  socket.write(Buffer.from([VERSION, methods.length, ...methods]));
  const chosen = await readAnswer(socket, () => 2, signal);
  if (chosen[0] !== VERSION) throw new TransientError("answered something that is not SOCKS5");
  if (chosen[1] === METHOD.password && hasCredentials) await authenticate(socket, request, signal);
  else if (chosen[1] !== METHOD.none) throw new TransientError("wants credentials that the proxy URL does not have");
  socket.write(connectRequest(request));
  const reply = await readAnswer(socket, replyLength, signal);
  const code = reply[1] ?? 1;
  if (reply[0] !== VERSION) throw new TransientError("answered something that is not SOCKS5");
  if (code !== 0) throw new TransientError(`refuses the connection (${REPLIES[code] ?? `code ${code}`})`);
}

async function authenticate(socket: Socket, request: ProxyRequest, signal: AbortSignal): Promise<void> {
  const { user, password } = request.credentials;
  socket.write(Buffer.concat([Buffer.from([1]), sized(user), sized(password)]));
  const verdict = await readAnswer(socket, () => 2, signal);
  if (verdict[1] !== 0) throw new TransientError("refuses the credentials; check the user and password of the proxy URL");
}

function connectRequest({ host, port }: ProxyRequest): Buffer {
  const portBytes = Buffer.from([port >> 8, port & 0xff]);
  return Buffer.concat([Buffer.from([VERSION, 1, 0]), encodeAddress(host), portBytes]);
}

function encodeAddress(host: string): Buffer {
  const family = isIP(host);
  if (family === 4) return Buffer.from([1, ...host.split(".").map(Number)]);
  if (family === 6) return Buffer.concat([Buffer.from([4]), encodeIpv6(host)]);
  return Buffer.concat([Buffer.from([3]), sized(host)]);
}

function encodeIpv6(address: string): Buffer {
  const canonical = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [head = "", tail = ""] = canonical.split("::");
  const front = head.split(":").filter(Boolean);
  const back = tail.split(":").filter(Boolean);
  const groups = [...front, ...Array<string>(8 - front.length - back.length).fill("0"), ...back];
  return Buffer.from(groups.map((group) => group.padStart(4, "0")).join(""), "hex");
}

function sized(text: string): Buffer {
  const bytes = Buffer.from(text);
  if (bytes.length > 255) throw new TransientError("takes at most 255 bytes each of host name, user and password");
  return Buffer.concat([Buffer.from([bytes.length]), bytes]);
}

function replyLength(bytes: Buffer): number | undefined {
  const addressLengths: Readonly<Record<number, number>> = { 1: 4, 3: 1 + (bytes[4] ?? 0), 4: 16 };
  if (bytes.length >= 2 && bytes[1] !== 0) return 2;
  if (bytes.length < 5) return undefined;
  return 4 + (addressLengths[bytes[3] ?? 0] ?? 0) + 2;
}
