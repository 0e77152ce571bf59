import { createContext } from "@revka/core";
import { createManualClock, recordingLogger } from "@revka/core/testing";
import { describe, expect, it } from "vitest";
import { createLarkApi, type LarkApi } from "./api.ts";
import { withDefaults, type LarkConfig } from "./config.ts";
import { ROUTES, startPlatform, type TestPlatform } from "./platform.test-support.ts";

const SECRET = "lark-app-secret";
const POST = "POST /open-apis/im/v1/messages";
const FILE = "GET /open-apis/im/v1/messages/om_1/resources/key";
const STALE = { status: 400, body: { code: 99991663, msg: "Invalid access token for authorization" } };
const OK = { body: { code: 0, msg: "ok", data: { message_id: "om_2" } } };

interface Subject extends AsyncDisposable {
  readonly platform: TestPlatform;
  readonly api: LarkApi;
  readonly clock: ReturnType<typeof createManualClock>;
  readonly secrets: readonly string[];
}

async function open(config: Partial<LarkConfig> = {}): Promise<Subject> {
  const platform = await startPlatform();
  const clock = createManualClock();
  const secrets: string[] = [];
  const context = createContext("lark", { clock, logger: recordingLogger(), random: () => 0.5, addSecret: (secret) => void secrets.push(secret) });
  const settings = withDefaults({ appId: "cli_1", appSecret: SECRET, baseUrl: platform.url, ...config });
  return { platform, clock, secrets, api: createLarkApi(settings, context), [Symbol.asyncDispose]: () => platform[Symbol.asyncDispose]() };
}
const send = (api: LarkApi): Promise<unknown> => api.call("POST", "im/v1/messages", { query: { receive_id_type: "chat_id" }, json: { a: 1 } });
const tokensOf = (platform: TestPlatform, route = POST): unknown[] => platform.callsOf(route).map(({ headers }) => headers.authorization);

describe("createLarkApi", () => {
  it("makes a call in the app's name and gives its data (LARK-50)", async () => {
    await using subject = await open();
    const { platform, api, secrets } = subject;
    platform.answer(POST, OK);
    await expect(send(api)).resolves.toEqual({ message_id: "om_2" });
    const [call] = platform.callsOf(POST);
    expect(call?.query.get("receive_id_type")).toBe("chat_id");
    expect([call?.headers.authorization, call?.body, secrets]).toEqual(["Bearer t-token-1", '{"a":1}', ["t-token-1"]]);
    expect(platform.callsOf(ROUTES.token).map(({ body }) => JSON.parse(body) as unknown)).toEqual([{ app_id: "cli_1", app_secret: SECRET }]);
  });

  it("gives the whole answer where it has no data, and keeps a base URL's prefix (LARK-85)", async () => {
    await using subject = await open();
    const prefixed = createLarkApi(withDefaults({ appId: "cli_1", appSecret: SECRET, baseUrl: `${subject.platform.url}/lark` }), createContext("lark"));
    subject.platform.answer("POST /lark/open-apis/auth/v3/tenant_access_token/internal", { body: { code: 0, tenant_access_token: "t-prefixed" } });
    subject.platform.answer("GET /lark/open-apis/bot/v3/info", { body: { code: 0, bot: { open_id: "ou_bot" } } });
    await expect(prefixed.call("GET", "bot/v3/info")).resolves.toMatchObject({ bot: { open_id: "ou_bot" } });
  });

  it("asks for one token, however many calls wait for it (LARK-50)", async () => {
    await using subject = await open();
    subject.platform.answer(POST, ...Array<typeof OK>(50).fill(OK));
    await Promise.all(Array.from({ length: 50 }, () => send(subject.api)));
    expect(subject.platform.callsOf(ROUTES.token)).toHaveLength(1);
    expect(subject.platform.callsOf(POST)).toHaveLength(50);
  });

  it("renews the token two minutes before its end (LARK-50, LARK-79)", async () => {
    await using subject = await open();
    const { platform, api, clock } = subject;
    platform.answer(POST, OK, OK, OK, OK);
    await send(api);
    await clock.advance(7_079_000);
    await send(api);
    expect(platform.callsOf(ROUTES.token)).toHaveLength(1);
    await clock.advance(2_000);
    await send(api);
    await platform.until(() => platform.callsOf(ROUTES.token).length === 2);
    expect(tokensOf(platform)).toEqual(["Bearer t-token-1", "Bearer t-token-1", "Bearer t-token-1"]);
  });

  it.each<[string, object]>([
    ["code 99991663 (LARK-51)", STALE],
    ["code 99991663 with status 200 (LARK-51)", { body: STALE.body }],
    ["HTTP 401 (LARK-52)", { status: 401, body: "unauthorised" }],
    ["HTTP 401 with code 234002", { status: 401, body: { code: 234002, msg: "Unauthorized" } }],
    ["an expired token", { status: 400, body: { code: 99991677, msg: "token expired" } }],
    ["a missing token", { status: 400, body: { code: 99991661, msg: "missing" } }],
  ])("takes a fresh token after %s", async (_title, refusal) => {
    await using subject = await open();
    subject.platform.answer(POST, refusal, OK);
    await expect(send(subject.api)).resolves.toEqual({ message_id: "om_2" });
    expect(tokensOf(subject.platform)).toEqual(["Bearer t-token-1", "Bearer t-token-2"]);
  });

  it("takes the token that it had before, where the platform gives that again", async () => {
    await using subject = await open();
    const same = { body: { code: 0, msg: "ok", tenant_access_token: "t-the-same", expire: 7_200 } };
    subject.platform.answer(ROUTES.token, same, same);
    subject.platform.answer(POST, STALE, OK);
    await expect(send(subject.api)).resolves.toEqual({ message_id: "om_2" });
    expect(tokensOf(subject.platform)).toEqual(["Bearer t-the-same", "Bearer t-the-same"]);
  });

  it("tries no third time (LARK-53)", async () => {
    await using subject = await open();
    subject.platform.answer(POST, STALE, STALE, OK);
    await expect(send(subject.api)).rejects.toMatchObject({ code: "auth", platformCode: "99991663" });
    expect(subject.platform.callsOf(POST)).toHaveLength(2);
    expect(subject.platform.callsOf(ROUTES.token)).toHaveLength(2);
  });

  it("fails where the credentials are wrong, and does not ask again at once", async () => {
    await using subject = await open();
    subject.platform.answer(ROUTES.token, { body: { code: 10015, msg: `app secret invalid: ${SECRET}` } });
    const error: unknown = await send(subject.api).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "auth", platformCode: "10015" });
    expect(String(error)).not.toContain(SECRET);
    await expect(subject.api.checkCredentials()).rejects.toBe(error);
    expect(subject.platform.callsOf(ROUTES.token)).toHaveLength(1);
  });

  it("says that an answer cannot be read: nobody knows what became of a send", async () => {
    await using subject = await open();
    subject.platform.answer(POST, { body: "<html>" });
    await expect(send(subject.api)).rejects.toMatchObject({ code: "unknown-outcome" });
    subject.platform.answer(ROUTES.bot, { body: "<html>" });
    await expect(subject.api.call("GET", "bot/v3/info")).rejects.toMatchObject({ code: "protocol" });
    subject.platform.answer(POST, { isReset: true });
    await expect(send(subject.api)).rejects.toMatchObject({ code: "unknown-outcome" });
  });

  it("may try again what waited for a token that did not come: nothing was sent", async () => {
    for (const answer of [{ isReset: true }, { body: "<html>" }, { status: 504 }, { body: { code: 0, msg: "ok" } }]) {
      await using subject = await open();
      subject.platform.answer(ROUTES.token, answer);
      const error: unknown = await send(subject.api).catch((reason: unknown) => reason);
      expect(["transient", "protocol"]).toContain((error as { code: string }).code);
      expect(subject.platform.callsOf(POST)).toEqual([]);
    }
  });

  it("posts a form", async () => {
    await using subject = await open();
    subject.platform.answer("POST /open-apis/im/v1/files", { body: { code: 0, data: { file_key: "file_1" } } });
    const form = new FormData();
    form.append("file_name", "a.txt");
    await expect(subject.api.call("POST", "im/v1/files", { form })).resolves.toEqual({ file_key: "file_1" });
    expect(subject.platform.callsOf("POST /open-apis/im/v1/files")[0]?.headers["content-type"]).toContain("multipart/form-data");
  });

  it("gives the signal's own reason", async () => {
    await using subject = await open();
    const reason = new RangeError("not needed");
    await expect(subject.api.call("GET", "bot/v3/info", { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });
});

describe("fetchMedia", () => {
  const fetch = (api: LarkApi, maxBytes: number): Promise<unknown> => api.fetchMedia("im/v1/messages/om_1/resources/key", { type: "file" }, { maxBytes });

  it("gives the bytes and the kind of a file, up to the last one that is allowed", async () => {
    await using subject = await open();
    const file = { headers: { "content-type": "image/png" }, body: Buffer.from("12345") };
    subject.platform.answer(FILE, file, file);
    await expect(fetch(subject.api, 5)).resolves.toEqual({ bytes: new Uint8Array(Buffer.from("12345")), mediaType: "image/png" });
    await expect(fetch(subject.api, 4)).rejects.toMatchObject({ code: "too-large", limit: 4 });
    expect(subject.platform.callsOf(FILE)[0]?.query.get("type")).toBe("file");
  });

  it("takes a fresh token where the first one is refused, whatever the file may weigh (LARK-51, LARK-52)", async () => {
    await using subject = await open();
    subject.platform.answer(FILE, STALE, { body: "x" }, { status: 401 }, { body: "y" });
    await expect(fetch(subject.api, 1)).resolves.toMatchObject({ bytes: new Uint8Array(Buffer.from("x")) });
    await expect(fetch(subject.api, 1)).resolves.toMatchObject({ bytes: new Uint8Array(Buffer.from("y")) });
  });

  it("tells an error from a file of JSON", async () => {
    await using subject = await open();
    const json = { "content-type": "application/json; charset=utf-8" };
    const body = { code: 234003, msg: "File not in msg." };
    subject.platform.answer(FILE, { headers: json, body }, { headers: { ...json, "content-disposition": "attachment" }, body }, { headers: json, body: { code: 1 } });
    await expect(fetch(subject.api, 100)).rejects.toMatchObject({ code: "platform", platformCode: "234003" });
    await expect(fetch(subject.api, 100)).resolves.toMatchObject({ mediaType: "application/json; charset=utf-8" });
    await expect(fetch(subject.api, 100)).resolves.toMatchObject({ bytes: new Uint8Array(Buffer.from('{"code":1}')) });
  });
});
