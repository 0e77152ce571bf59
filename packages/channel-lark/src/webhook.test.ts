import { createManualClock } from "@revka/core/testing";
import { createCipheriv, createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readWebhook, type WebhookReading } from "./webhook.ts";
import { signRequest } from "./webhook-crypto.ts";

const KEY = "revka-encrypt-key";
const TOKEN = "v-token-123";
const NOW_SECONDS = 1_763_800_000;
const clock = createManualClock(NOW_SECONDS * 1_000);

const EVENT = { schema: "2.0", header: { event_id: "ev-1", event_type: "im.message.receive_v1", token: TOKEN, app_id: "cli_1" }, event: { a: 1 } };
const CHALLENGE = { challenge: "chal-9f2", token: TOKEN, type: "url_verification" };

type Headers = Readonly<Record<string, string>>;

function encrypted(content: unknown): string {
  const iv = Buffer.alloc(16, 7);
  const cipher = createCipheriv("aes-256-cbc", createHash("sha256").update(KEY).digest(), iv);
  const bytes = Buffer.concat([iv, cipher.update(typeof content === "string" ? content : JSON.stringify(content)), cipher.final()]);
  return JSON.stringify({ encrypt: bytes.toString("base64") });
}
function signature(body: string, timestamp = String(NOW_SECONDS)): Headers {
  const nonce = "n0nce-4b1d";
  return {
    "x-lark-request-timestamp": timestamp,
    "x-lark-request-nonce": nonce,
    "x-lark-signature": signRequest(KEY, { timestamp, nonce, body: Buffer.from(body) }),
  };
}
const read = (body: string, headers: Headers, rules: { encryptKey?: string; verificationToken?: string }): WebhookReading =>
  readWebhook({ headers, body: Buffer.from(body) }, { ...rules, clock });
const plain = (content: unknown, rules: { verificationToken?: string } = {}): WebhookReading => read(JSON.stringify(content), {}, rules);
const BAD_TOKEN = { status: 403, reason: "invalid token" };

describe("readWebhook, without an encrypt key", () => {
  it("reads an event (LARK-65)", () => {
    expect(plain(EVENT)).toEqual({ event: { header: { eventType: "im.message.receive_v1", eventId: "ev-1", token: TOKEN, appId: "cli_1" }, event: { a: 1 } } });
  });

  it("knows a challenge, whose token counts only where one is configured (LARK-62, LARK-63, LARK-74, LARK-15)", () => {
    const accepted = { challenge: "chal-9f2" };
    expect(plain(CHALLENGE)).toEqual(accepted);
    expect(plain(CHALLENGE, { verificationToken: TOKEN })).toEqual(accepted);
    expect(plain({ ...CHALLENGE, token: "wrong" }, { verificationToken: TOKEN })).toEqual(BAD_TOKEN);
    expect(plain({ ...CHALLENGE, token: undefined }, { verificationToken: TOKEN })).toEqual(BAD_TOKEN);
  });

  it("wants the token of every event, also of the old version (LARK-74, W-3)", () => {
    const rules = { verificationToken: TOKEN };
    expect(plain(EVENT, rules)).toHaveProperty("event");
    expect(plain({ ...EVENT, header: { ...EVENT.header, token: "wrong" } }, rules)).toEqual(BAD_TOKEN);
    expect(plain({ ...EVENT, header: { event_id: "ev-1" } }, rules)).toEqual(BAD_TOKEN);
    expect(plain({ type: "event_callback", uuid: "1", token: TOKEN, event: {} }, rules)).toMatchObject({ event: { header: { eventType: "" } } });
    expect(plain({ type: "event_callback", uuid: "1", token: "wrong", event: {} }, rules)).toEqual(BAD_TOKEN);
  });

  it.each([
    ["no JSON", "{"],
    ["no object", "[1]"],
    ["an encrypted body", '{"encrypt":"AAAA"}'],
  ])("refuses %s", (_title, body) => {
    expect(read(body, {}, {})).toMatchObject({ status: 400 });
  });
});

describe("readWebhook, with an encrypt key", () => {
  const rules = { encryptKey: KEY };

  it("reads an event that is encrypted and signed, however its body is written (LARK-66, LARK-14)", () => {
    const compact = encrypted(EVENT);
    const pretty = JSON.stringify(JSON.parse(compact), undefined, 2);
    expect(read(compact, signature(compact), rules)).toMatchObject({ event: { event: { a: 1 } } });
    expect(read(pretty, signature(pretty), rules)).toMatchObject({ event: { event: { a: 1 } } });
  });

  it("knows a challenge, which nobody signs (LARK-62)", () => {
    expect(read(encrypted(CHALLENGE), {}, { ...rules, verificationToken: TOKEN })).toEqual({ challenge: "chal-9f2" });
    expect(read(encrypted(CHALLENGE), {}, { ...rules, verificationToken: "other" })).toEqual(BAD_TOKEN);
  });

  it("wants the token besides the signature where both are configured (W-3)", () => {
    const body = encrypted(EVENT);
    expect(read(body, signature(body), { ...rules, verificationToken: "other" })).toEqual(BAD_TOKEN);
  });

  it.each<[string, string, Headers, number]>([
    ["an event without a signature", encrypted(EVENT), {}, 401],
    ["an event whose signature is for something else", encrypted(EVENT), signature("x"), 401],
    ["a signature for another second (vector F)", encrypted(EVENT), { ...signature(encrypted(EVENT)), "x-lark-request-timestamp": String(NOW_SECONDS + 1) }, 401],
    ["an old request", encrypted(EVENT), signature(encrypted(EVENT), String(NOW_SECONDS - 301)), 401],
    ["a request from the future", encrypted(EVENT), signature(encrypted(EVENT), String(NOW_SECONDS + 301)), 401],
    ["a time that is none", encrypted(EVENT), signature(encrypted(EVENT), "now"), 401],
    ["a signature without a time", encrypted(EVENT), { "x-lark-signature": "0".repeat(64) }, 401],
    ["a plain event", JSON.stringify(EVENT), {}, 401],
    ["a plain event with a signature", JSON.stringify(EVENT), signature(JSON.stringify(EVENT)), 401],
    ["a plain challenge", JSON.stringify(CHALLENGE), {}, 401],
    ["what cannot be decrypted", '{"encrypt":"AAAA"}', signature('{"encrypt":"AAAA"}'), 400],
    ["what is no JSON inside", encrypted("hello"), signature(encrypted("hello")), 400],
  ])("refuses %s (W-3, W-7)", (_title, body, headers, status) => {
    expect(read(body, headers, rules)).toMatchObject({ status });
  });
});

describe("readWebhook, whatever comes", () => {
  it("gives an answer and never throws", () => {
    const bodies = fc.oneof(fc.string(), fc.json(), fc.uint8Array().map((bytes) => Buffer.from(bytes).toString("latin1")), fc.json().map(encrypted));
    const cases = fc.tuple(bodies, fc.boolean(), fc.boolean());
    fc.assert(
      fc.property(cases, ([body, isSigned, isKeyed]) => {
        const reading = read(body, isSigned ? signature(body) : {}, { verificationToken: TOKEN, ...(isKeyed && { encryptKey: KEY }) });
        expect(reading).toBeTypeOf("object");
      }),
      { seed: 60, numRuns: 1_000 },
    );
  });
});
