import { isIP, type Socket } from "node:net";
import { TransientError } from "../contract/errors.ts";
import { readAnswer, type ProxyRequest } from "./proxy-answer.ts";

/**
 * Asks an HTTP proxy for a tunnel with `CONNECT` (RFC 9110, section 9.3.6), with Basic credentials where there are any.
 * @throws TransientError when it says anything but 2xx.
 */
export async function askHttpProxy(socket: Socket, request: ProxyRequest, signal: AbortSignal): Promise<void> {
  socket.write(connectRequest(request));
  const head = await readAnswer(socket, headLength, signal);
  const status = /^HTTP\/1\.[01] (\d{3})/.exec(head.toString("latin1"))?.[1];
  if (status === undefined) throw new TransientError("answered something that is not HTTP");
  if (status === "407") throw new TransientError("refuses the credentials (407); check the user and password of the proxy URL");
  if (!status.startsWith("2")) throw new TransientError(`refuses the tunnel (${status})`);
}

function connectRequest({ host, port, credentials: { user, password } }: ProxyRequest): string {
  const target = `${isIP(host) === 6 ? `[${host}]` : host}:${port}`;
  const basic = Buffer.from(`${user}:${password}`).toString("base64");
  const lines = [
    `CONNECT ${target} HTTP/1.1`,
    `Host: ${target}`,
    "User-Agent: revka-core",
    ...(user === "" && password === "" ? [] : [`Proxy-Authorization: Basic ${basic}`]),
  ];
  return `${lines.join("\r\n")}\r\n\r\n`;
}

function headLength(bytes: Buffer): number | undefined {
  const end = bytes.indexOf("\r\n\r\n");
  return end === -1 ? undefined : end + 4;
}
