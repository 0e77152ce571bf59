import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { dial } from "./dial.ts";
import { listen, type Listening } from "../fixtures/listen.ts";
import { startHttpProxy, startSocksProxy } from "../fixtures/proxies.ts";

const open: AsyncDisposable[] = [];
const sockets: Socket[] = [];
const started = <T extends AsyncDisposable>(server: T): T => {
  open.push(server);
  return server;
};

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const server of open.splice(0)) await server[Symbol.asyncDispose]();
});

/** A target that says back what it hears. */
const startEcho = async (): Promise<Listening> => started(await listen(createServer((socket) => socket.pipe(socket))));

const HANG_UP = "";

/** A proxy that answers every byte string with the next of `answers` and then falls silent. */
const startScript = async (answers: readonly (Buffer | string)[]): Promise<Listening> =>
  started(
    await listen(
      createServer((socket) => {
        const rest = [...answers];
        socket.on("data", () => {
          const answer = rest.shift();
          if (answer === HANG_UP) socket.end();
          else if (answer !== undefined) socket.write(answer);
        });
      }),
    ),
  );

async function echo(socket: Socket, text: string): Promise<string> {
  sockets.push(socket);
  socket.write(text);
  const [answer] = (await once(socket, "data")) as [Buffer];
  return answer.toString();
}

const PROXIES = [
  ["http", startHttpProxy],
  ["socks5", startSocksProxy],
] as const;

describe.each(PROXIES)("dial through %s", (scheme, startProxy) => {
  it("reaches the target and leaves its name to the proxy", async () => {
    const [target, proxy] = [await startEcho(), started(await startProxy())];
    const socket = await dial(proxy.url, { host: "nowhere.invalid", port: target.port });
    expect(await echo(socket, "hello")).toBe("hello");
    expect(proxy.targets).toEqual([`nowhere.invalid:${target.port}`]);
  });

  it("sends the credentials of the URL, decoded", async () => {
    const [target, proxy] = [await startEcho(), started(await startProxy({ credentials: "user:p@ss" }))];
    proxy.url.password = "p%40ss";
    expect(await echo(await dial(proxy.url, { host: "a.invalid", port: target.port }), "hi")).toBe("hi");
  });

  it.each(["wrong:hunter22", "wr%40ng:", ":hunter22"])("says that the proxy refuses %s, never showing them", async (credentials) => {
    const proxy = started(await startProxy({ credentials: "user:pass" }));
    const url = new URL(proxy.url.href.replace("user:pass", credentials));
    await expect(dial(url, { host: "a.invalid", port: 1 })).rejects.toMatchObject({
      code: "transient",
      message: expect.stringMatching(/^proxy (?:http|socks5):\/\/\*\*\*@127.0.0.1:\d+: refuses the credentials(?!.*hunter22)/) as string,
    });
    await proxy.drained();
  });

  it("gives up on a silent proxy at the deadline and hangs up", async () => {
    const proxy = await startScript([]);
    const url = new URL(`${scheme}://127.0.0.1:${proxy.port}`);
    const dialled = dial(url, { host: "a.invalid", port: 1 }, { deadlineMs: 20 });
    await expect(dialled).rejects.toMatchObject({ code: "transient", message: expect.stringContaining("within 20 ms") as string });
    await proxy.drained();
  });

  it("lets an abort's reason through and hangs up", async () => {
    const proxy = await startScript([]);
    const abort = new AbortController();
    const url = new URL(`${scheme}://127.0.0.1:${proxy.port}`);
    const dialled = dial(url, { host: "a.invalid", port: 1 }, { signal: abort.signal });
    const reason = new TypeError("stopped");
    abort.abort(reason);
    await expect(dialled).rejects.toBe(reason);
    await proxy.drained();
  });

  it("calls a proxy that is not there transient", async () => {
    const gone = await listen(createServer());
    await gone[Symbol.asyncDispose]();
    const url = new URL(`${scheme}://127.0.0.1:${gone.port}`);
    const dialled = dial(url, { host: "a.invalid", port: 1 });
    await expect(dialled).rejects.toMatchObject({ code: "transient", message: expect.stringContaining("ECONNREFUSED") as string });
  });
});

describe("dial with an HTTP proxy's answer of", () => {
  it.each([
    ["a refusal", "HTTP/1.1 503 No\r\n\r\n", "refuses the tunnel (503)"],
    ["a request for credentials", "HTTP/1.0 407 Auth\r\n\r\n", "refuses the credentials (407)"],
    ["something else", "SSH-2.0\r\n\r\n", "not HTTP"],
    ["no end", "HTTP/1.1 200 OK\r\n".padEnd(17_000, "x"), "longer than 16384 bytes"],
    ["a closed door", HANG_UP, "hung up before it answered"],
  ])("%s: fails and hangs up", async (_title, answer, message) => {
    const proxy = await startScript([answer]);
    const dialled = dial(new URL(`http://127.0.0.1:${proxy.port}`), { host: "a.invalid", port: 1 });
    await expect(dialled).rejects.toMatchObject({ code: "transient", message: expect.stringContaining(message) as string });
    await proxy.drained();
  });

  it("hands over what the target said in the same breath", async () => {
    const proxy = await startScript(["HTTP/1.1 200 OK\r\nX: y\r\n\r\nwelcome"]);
    const socket = await dial(new URL(`http://127.0.0.1:${proxy.port}`), { host: "::1", port: 1 });
    sockets.push(socket);
    expect(socket.isPaused()).toBe(false);
    const [first] = (await once(socket, "data")) as [Buffer];
    expect(first.toString()).toBe("welcome");
  });
});

describe("dial with a SOCKS5 proxy's answer of", () => {
  const accepted = Buffer.from([5, 0]);
  it.each<[string, readonly Buffer[], string]>([
    ["another protocol", [Buffer.from("HTTP/1.1 400\r\n\r\n")], "not SOCKS5"],
    ["no acceptable method", [Buffer.from([5, 0xff])], "wants credentials"],
    ["a refused connection", [accepted, Buffer.from([5, 5, 0, 1, 0, 0, 0, 0, 0, 0])], "connection refused by the target"],
    ["a rule", [accepted, Buffer.from([5, 2])], "not allowed by its rules"],
    ["an unknown code", [accepted, Buffer.from([5, 99, 0, 1, 0, 0, 0, 0, 0, 0])], "code 99"],
  ])("%s: fails and hangs up", async (_title, answers, message) => {
    const proxy = await startScript(answers);
    const dialled = dial(new URL(`socks5://127.0.0.1:${proxy.port}`), { host: "a.invalid", port: 1 });
    await expect(dialled).rejects.toMatchObject({ code: "transient", message: expect.stringContaining(message) as string });
    await proxy.drained();
  });

  it.each([
    ["an IPv4 address", [1, 127, 0, 0, 1, 0, 80]],
    ["an IPv6 address", [4, ...Array<number>(16).fill(0), 0, 80]],
    ["a name", [3, 3, 97, 46, 98, 0, 80]],
  ])("%s: hands over exactly what follows it", async (_title, address) => {
    const proxy = await startScript([accepted, Buffer.from([5, 0, 0, ...address, 72, 105])]);
    const socket = await dial(new URL(`socks5://127.0.0.1:${proxy.port}`), { host: "a.invalid", port: 1 });
    sockets.push(socket);
    const [first] = (await once(socket, "data")) as [Buffer];
    expect(first.toString()).toBe("Hi");
  });

  it.each([
    ["127.0.0.1", "127.0.0.1"],
    ["2001:db8::a:1", "[20010db80000000000000000000a0001]"],
    ["::ffff:127.0.0.1", "[00000000000000000000ffff7f000001]"],
    ["a.example", "a.example"],
  ])("success asks for %s in the right form", async (host, asked) => {
    const [target, proxy] = [await startEcho(), started(await startSocksProxy())];
    expect(await echo(await dial(proxy.url, { host, port: target.port }), "hi")).toBe("hi");
    expect(proxy.targets).toEqual([`${asked}:${target.port}`]);
  });

  it("nothing at all to a name that the protocol cannot carry", async () => {
    const proxy = await startScript([accepted]);
    const dialled = dial(new URL(`socks5://127.0.0.1:${proxy.port}`), { host: "a".repeat(256), port: 1 });
    await expect(dialled).rejects.toThrow("at most 255 bytes");
  });
});
