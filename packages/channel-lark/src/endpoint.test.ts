import { createContext } from "@revka/core";
import { describe, expect, it } from "vitest";
import { withDefaults, type LarkConfig } from "./config.ts";
import { createDiscovery, handshakeError, isCrowded, type Endpoint } from "./endpoint.ts";
import { ROUTES, startPlatform, type TestAnswer, type TestPlatform } from "./platform.test-support.ts";

const SECRET = "lark-app-secret";

interface Subject extends AsyncDisposable {
  readonly platform: TestPlatform;
  readonly secrets: readonly string[];
  discover(): Promise<Endpoint>;
}
async function open(config: Partial<LarkConfig> = {}): Promise<Subject> {
  const platform = await startPlatform();
  const secrets: string[] = [];
  const context = createContext("lark", { addSecret: (secret) => void secrets.push(secret) });
  const discover = createDiscovery(withDefaults({ appId: "cli_1", appSecret: SECRET, baseUrl: platform.url, ...config }), context);
  return { platform, secrets, discover: () => discover(AbortSignal.timeout(5_000)), [Symbol.asyncDispose]: () => platform[Symbol.asyncDispose]() };
}
const given = (URL: unknown, ClientConfig?: unknown): TestAnswer => ({ body: { code: 0, msg: "ok", data: { URL, ClientConfig } } });

describe("createDiscovery", () => {
  it("asks as the platform's own clients do, and connects to exactly what it is given (LARK-54)", async () => {
    await using subject = await open();
    const url = "wss://msg-frontend.example/ws/v2?device_id=7&service_id=33554678&ticket=t1cket%2B&fpid=1";
    subject.platform.answer(ROUTES.discover, given(url, { ReconnectCount: -1, ReconnectInterval: 120, ReconnectNonce: 30, PingInterval: 90 }));
    await expect(subject.discover()).resolves.toEqual({
      url: new URL(url),
      serviceId: 33_554_678,
      clientConfig: { reconnectCount: -1, reconnectIntervalMs: 120_000, reconnectNonceMs: 30_000, pingIntervalMs: 90_000 },
    });
    const [call] = subject.platform.callsOf(ROUTES.discover);
    expect([call?.headers["locale"], call?.body]).toEqual(["en", `{"AppID":"cli_1","AppSecret":"${SECRET}"}`]);
    expect(subject.secrets).toContain("t1cket+");
  });

  it("quotes nothing of a damaged answer, which may hold a ticket", async () => {
    await using subject = await open();
    const body = '{"code":0,"data":{"URL":"wss://x.example/?device_id=1&service_id=2&ticket=t1cket","ClientConf';
    subject.platform.answer(ROUTES.discover, { body });
    await expect(subject.discover()).rejects.toThrow(/^(?!.*t1cket).*the answer cannot be read/);
  });

  it("asks Feishu in its language, and takes whatever it says about the connection", async () => {
    await using subject = await open({ region: "feishu" });
    subject.platform.answer(ROUTES.discover, given("wss://a.example/?x=1&service_id=1", { PingInterval: "soon", ReconnectNonce: 1.5, ReconnectInterval: -1 }), given("wss://a.example/?x=1&service_id=1"));
    expect((await subject.discover()).clientConfig).toEqual({ reconnectIntervalMs: -1_000 });
    expect((await subject.discover()).clientConfig).toEqual({});
    expect(subject.platform.callsOf(ROUTES.discover)[0]?.headers["locale"]).toBe("zh");
  });

  it.each<[string, TestAnswer, object]>([
    ["a busy platform", { body: { code: 1, msg: "system busy", data: {} } }, { code: "transient" }],
    ["another busy platform", { body: { code: 1000040345, msg: "system busy" } }, { code: "transient" }],
    ["an internal error", { body: { code: 1000040343, msg: "" } }, { code: "transient" }],
    ["an app that may not connect", { body: { code: 403, msg: "forbidden" } }, { code: "auth", platformCode: "403" }],
    ["wrong credentials", { body: { code: 514, msg: `wrong ${SECRET}` } }, { code: "auth", platformCode: "514" }],
    ["wrong credentials with a status of their own", { status: 400, body: { code: 514, msg: "" } }, { code: "auth" }],
    ["too many connections", { body: { code: 1000040350, msg: "the number of connections exceeded the limit" } }, { code: "platform", platformCode: "1000040350" }],
    ["a code that nobody knows", { body: { code: 77, msg: "odd" } }, { code: "platform", platformCode: "77" }],
    ["a server that is down", { status: 500, body: "<html>" }, { code: "transient", status: 500 }],
    ["too many requests", { status: 429 }, { code: "rate-limit" }],
    ["a page instead of an answer", { body: "<html>" }, { code: "transient" }],
    ["no data", { body: { code: 0, msg: "ok", data: null } }, { code: "protocol" }],
    ["a URL without service_id", given("wss://a.example/?ticket=x"), { code: "protocol" }],
    ["a URL whose service_id is no number", given("wss://a.example/?x=1&service_id=abc"), { code: "protocol" }],
    ["a URL that is not secure", given("ws://a.example/?x=1&service_id=1&ticket=s3cret-ticket"), { code: "protocol" }],
    ["a URL that is none", given("here"), { code: "protocol" }],
  ])("knows %s, and shows no secret", async (_title, answer, error) => {
    await using subject = await open();
    subject.platform.answer(ROUTES.discover, answer);
    const reason: unknown = await subject.discover().catch((thrown: unknown) => thrown);
    expect(reason).toMatchObject({ channel: "lark", ...error });
    expect(`${String(reason)} ${JSON.stringify(reason)}`).not.toMatch(/lark-app-secret|s3cret-ticket/);
  });
});

describe("handshakeError", () => {
  const error = (status: number, headers: Readonly<Record<string, string>>): unknown => handshakeError("lark", { status, headers });

  it.each<[string, Readonly<Record<string, string>>, object]>([
    ["an app that may not connect", { "handshake-status": "403", "handshake-msg": "forbidden" }, { code: "auth", platformCode: "403" }],
    ["too many connections", { "handshake-status": "514", "handshake-autherrcode": "1000040350" }, { code: "platform", platformCode: "1000040350" }],
    ["a ticket that is no good", { "handshake-status": "514", "handshake-autherrcode": "1000040343", "handshake-msg": "expired" }, { code: "transient" }],
    ["a refusal without reasons", {}, { code: "transient", status: 400 }],
  ])("knows %s", (_title, headers, expected) => {
    expect(error(400, headers)).toMatchObject(expected);
  });

  it("tells too many connections from everything else", () => {
    expect(isCrowded(error(400, { "handshake-status": "514", "handshake-autherrcode": "1000040350" }))).toBe(true);
    expect(isCrowded(error(400, {}))).toBe(false);
  });
});
