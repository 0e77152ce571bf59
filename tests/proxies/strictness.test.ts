import { once } from "node:events";
import { connect } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { startHttpProxy } from "../support/http-proxy.ts";
import type { TestProxy } from "../support/proxy-server.ts";
import { startSocksProxy } from "../support/socks-proxy.ts";

/** Says these, each once the one before was answered; gives what came until the proxy hung up, or answered the last. */
async function say({ url }: TestProxy, sentences: readonly (string | Buffer)[]): Promise<Buffer> {
  const socket = connect(Number(url.port), "127.0.0.1");
  onTestFinished(() => void socket.destroy());
  const ended = once(socket, "close");
  const answers: Buffer[] = [];
  for (const sentence of sentences) {
    socket.write(sentence);
    if ((await Promise.race([once(socket, "data").then(([bytes]) => answers.push(bytes as Buffer)), ended.then(() => "ended")])) === "ended") break;
  }
  return Buffer.concat(answers);
}

const counted = (text: string): Buffer => Buffer.concat([Buffer.from([Buffer.byteLength(text)]), Buffer.from(text)]);
const login = ({ url }: TestProxy, password = decodeURIComponent(url.password)): Buffer => Buffer.concat([Buffer.from([1]), counted(url.username), counted(password)]);
const HELLO = Buffer.from([5, 1, 2]);

describe("the SOCKS5 proxy of these tests", () => {
  it("hears who says user and password, and connects to a name", async () => {
    const [proxy, target] = [await startSocksProxy(), await startHttpProxy()];
    const port = Number(target.url.port);
    const request = Buffer.concat([Buffer.from([5, 1, 0, 3]), counted("a.example.test"), Buffer.from([port >> 8, port & 255])]);
    expect((await say(proxy, [HELLO, login(proxy), request])).toString("hex")).toBe("0502" + "0100" + "050000017f0000010000");
    expect(proxy.targets).toEqual([{ host: "a.example.test", port, form: "name" }]);
  });

  it.each<[string, readonly (Buffer | "login" | "wrong login")[], string]>([
    ["a client without credentials", [Buffer.from([5, 1, 0])], "05ff"],
    ["a wrong password", [HELLO, "wrong login"], "0502" + "0101"],
    ["SOCKS4", [Buffer.from([4, 1, 0, 80, 127, 0, 0, 1, 0])], ""],
    ["no method at all", [Buffer.from([5, 0])], ""],
    ["a client that does not wait", [Buffer.concat([HELLO, Buffer.from([1])])], ""],
    ["another command than connect", [HELLO, "login", Buffer.from([5, 2, 0, 1, 127, 0, 0, 1, 0, 80])], "0502" + "0100"],
    ["an address written as a name", [HELLO, "login", Buffer.concat([Buffer.from([5, 1, 0, 3]), counted("127.0.0.1"), Buffer.from([0, 80])])], "0502" + "0100"],
    ["port 0", [HELLO, "login", Buffer.from([5, 1, 0, 1, 127, 0, 0, 1, 0, 0])], "0502" + "0100"],
    ["an address beyond this machine", [HELLO, "login", Buffer.from([5, 1, 0, 1, 192, 0, 2, 1, 0, 80])], "0502" + "0100" + "050200017f0000010000"],
  ])("sends away %s", async (_title, sentences, answer) => {
    const proxy = await startSocksProxy();
    const said = sentences.map((sentence) => (sentence === "login" ? login(proxy) : sentence === "wrong login" ? login(proxy, "wrong") : sentence));
    expect((await say(proxy, said)).toString("hex")).toBe(answer);
  });
});

describe("the HTTP proxy of these tests", () => {
  it.each([
    ["a client without credentials", "CONNECT a.example.test:80 HTTP/1.1\r\nHost: a.example.test:80\r\n\r\n", /^HTTP\/1\.1 407 /],
    ["a request that is to be forwarded", "GET http://a.example.test/ HTTP/1.1\r\nHost: a.example.test\r\n\r\n", /^$/],
    ["a target without a port", "CONNECT a.example.test HTTP/1.1\r\nHost: a.example.test\r\n\r\n", /^$/],
    ["a Host that is another's", "CONNECT a.example.test:80 HTTP/1.1\r\nHost: b.example.test:80\r\n\r\n", /^$/],
    ["a client that does not wait", "CONNECT a.example.test:80 HTTP/1.1\r\nHost: a.example.test:80\r\n\r\nhello", /^$/],
  ])("sends away %s", async (_title, request, answer) => {
    const proxy = await startHttpProxy();
    expect((await say(proxy, [request])).toString()).toMatch(answer);
    expect(proxy.targets).toEqual([]);
  });
});
