import { isIP, type Socket } from "node:net";
import { readBytes, requireSilence, type ProxyProtocol, type ProxyTarget } from "./proxy-protocol.ts";
import { startProxyServer, type TestProxy } from "./proxy-server.ts";

const MAX_HEAD_BYTES = 4_096;

const protocol: ProxyProtocol = {
  scheme: "http",
  async hear(client, isKnown) {
    const head = await readHead(client);
    const target = targetOf(head);
    if (isKnown(...credentialsOf(head))) return target;
    client.end('HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="tests"\r\nContent-Length: 0\r\n\r\n');
    return undefined;
  },
  granted: "HTTP/1.1 200 Connection established\r\n\r\n",
  refused: "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n",
  unreachable: "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n",
};

/** Starts an HTTP proxy that knows `CONNECT` (RFC 9110, section 9.3.6) with Basic credentials, and nothing else. */
export function startHttpProxy(): Promise<TestProxy> {
  return startProxyServer(protocol);
}

async function readHead(client: Socket): Promise<string> {
  let head = "";
  while (!head.endsWith("\r\n\r\n")) {
    if (head.length > MAX_HEAD_BYTES) throw new RangeError("the request has no end");
    head += (await readBytes(client, 1)).toString("latin1");
  }
  requireSilence(client);
  return head;
}

function targetOf(head: string): ProxyTarget {
  const [, authority = "", host = "", port = ""] = /^CONNECT ((\[[\da-f:.]+\]|[^\s:[\]@/]+):(\d{1,5})) HTTP\/1\.1\r\n/.exec(head) ?? [];
  if (authority === "" || headerOf(head, "host") !== authority) throw new RangeError("not a CONNECT request");
  const bare = host.replace(/^\[(.*)\]$/, "$1");
  return { host: bare, port: Number(port), form: isIP(bare) === 0 ? "name" : "address" };
}

function credentialsOf(head: string): [user: string, password: string] {
  const [, encoded = ""] = /^Basic ([\w+/]+=*)$/.exec(headerOf(head, "proxy-authorization")) ?? [];
  const [user = "", ...rest] = Buffer.from(encoded, "base64").toString().split(":");
  return [user, rest.join(":")];
}

function headerOf(head: string, name: string): string {
  return new RegExp(`^${name}: *(.*?) *\r$`, "im").exec(head)?.[1] ?? "";
}
