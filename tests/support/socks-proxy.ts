import { isIP, type Socket } from "node:net";
import { readBytes, requireSilence, type ProxyProtocol, type ProxyTarget } from "./proxy-protocol.ts";
import { startProxyServer, type TestProxy } from "./proxy-server.ts";

/** RFC 1928: the version, the only command here, and the ways to write an address. */
const VERSION = 5;
const CONNECT = 1;
const FORM = { ipv4: 1, name: 3, ipv6: 4 } as const;
const METHOD = { password: 2, none: 0xff } as const;
const OUTCOME = { granted: 0, refused: 2, unreachable: 4 } as const;
/** RFC 1929. */
const LOGIN_VERSION = 1;

const protocol: ProxyProtocol = {
  scheme: "socks5",
  async hear(client, isKnown) {
    await read(client, VERSION, 1);
    const methods = await readCounted(client);
    requireSilence(client);
    if (!methods.includes(METHOD.password)) {
      client.end(Buffer.from([VERSION, METHOD.none]));
      return undefined;
    }
    client.write(Buffer.from([VERSION, METHOD.password]));
    await read(client, LOGIN_VERSION, 1);
    const [user, password] = [await readCounted(client), await readCounted(client)];
    requireSilence(client);
    if (!isKnown(user.toString(), password.toString())) {
      client.end(Buffer.from([LOGIN_VERSION, 1]));
      return undefined;
    }
    client.write(Buffer.from([LOGIN_VERSION, 0]));
    return readTarget(client);
  },
  granted: reply(OUTCOME.granted),
  refused: reply(OUTCOME.refused),
  unreachable: reply(OUTCOME.unreachable),
};

/** Starts a SOCKS5 proxy that connects (RFC 1928) for those who say user and password (RFC 1929), and takes nothing else. */
export function startSocksProxy(): Promise<TestProxy> {
  return startProxyServer(protocol);
}

async function readTarget(client: Socket): Promise<ProxyTarget> {
  const [, command, reserved, form] = await read(client, VERSION, 4);
  if (command !== CONNECT || reserved !== 0) throw new RangeError("not a request to connect");
  const host = await readHost(client, form);
  const port = (await readBytes(client, 2)).readUInt16BE();
  requireSilence(client);
  if (port === 0) throw new RangeError("there is no port 0");
  return { host, port, form: form === FORM.name ? "name" : "address" };
}

async function readHost(client: Socket, form: number | undefined): Promise<string> {
  if (form === FORM.ipv4) return [...(await readBytes(client, 4))].join(".");
  if (form === FORM.ipv6) return new URL(`http://[${(await readBytes(client, 16)).toString("hex").replaceAll(/(....)(?=.)/g, "$1:")}]`).hostname.slice(1, -1);
  const name = form === FORM.name ? (await readCounted(client)).toString() : "";
  if (!/^[\w-]+(?:\.[\w-]+)*$/.test(name) || isIP(name) !== 0) throw new RangeError("not a name");
  return name;
}

/** So many bytes, of which the first is the version. */
async function read(client: Socket, version: number, count: number): Promise<Buffer> {
  const bytes = await readBytes(client, count);
  if (bytes[0] !== version) throw new RangeError(`version ${String(bytes[0])} is not spoken here`);
  return bytes;
}

/** Bytes behind their number, which is never 0. */
async function readCounted(client: Socket): Promise<Buffer> {
  const [count = 0] = await readBytes(client, 1);
  if (count === 0) throw new RangeError("nothing where something has to be");
  return readBytes(client, count);
}

function reply(outcome: number): Buffer {
  return Buffer.from([VERSION, outcome, 0, FORM.ipv4, 127, 0, 0, 1, 0, 0]);
}
