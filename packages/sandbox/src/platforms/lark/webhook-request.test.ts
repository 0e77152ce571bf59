import { describe, expect, it } from "vitest";
import { encryptText, signBody } from "./webhook-crypto.ts";
import { renderRequest } from "./webhook-request.ts";

const KEY = "revka-encrypt-key";
const IV = Buffer.from("000102030405060708090a0b0c0d0e0f", "hex");
const SIGNING = { timestamp: "1763800000", nonce: "n0nce-4b1d", encryptKey: KEY };
const EVENT = '{"schema":"2.0","header":{"event_id":"evt-0001","event_type":"im.message.receive_v1"},"event":{}}';
const EVENT_ENCRYPTED = "AAECAwQFBgcICQoLDA0ODyXXZq6wKZMVmXRvYhNQ77aP7zD2Z3b59DbpZ174U9NMb3qrAtZ0sH+0KjqvTKkgdiDtSz2Et7PX5bLlnGo8U5D6o1U5daUnempR0s4aYhLMif3YwKHW+DH917u1/rExxd37BPHnHYgA9SGsBS5WVl0=";
const CHALLENGE = '{"challenge":"chal-9f2","token":"v-token-123","type":"url_verification"}';
const CHALLENGE_ENCRYPTED = "AAECAwQFBgcICQoLDA0ODzwU9MEEcpgL2YAayuZBR5ELYjeZ8EV+cPZtQiWxdZdivOZFnLJwuM3RKuy5wL7R0k7l3j3QM4RwuNLVoZDvEhuNONuIqyXSTbSoGFAjZIth";

describe("the encryption of events", () => {
  it.each([[EVENT, EVENT_ENCRYPTED], [CHALLENGE, CHALLENGE_ENCRYPTED]])("makes of %s what the platform makes of it", (text, encrypted) => {
    expect(encryptText(text, KEY, IV)).toBe(encrypted);
  });

  it("never encrypts the same twice in the same way", () => {
    expect(encryptText(EVENT, KEY)).not.toBe(encryptText(EVENT, KEY));
  });

  it.each([
    [`{"encrypt":"${EVENT_ENCRYPTED}"}`, "2c9dd7ed78c1b044683aa3390e7f38c59c468dc04603cfed71704f96ecd5d6e4"],
    ['{"encrypt":"abc"}', "6cd8e5fdaad8fd76977391d1346bb7917c3082e28eee3e9ecf24677d92c9decc"],
  ])("signs %s as the platform does", (body, signature) => {
    expect(signBody(body, SIGNING)).toBe(signature);
  });
});

describe("a request to the webhook", () => {
  const credentials = { appId: "cli_a0b1c2d3e4f50617", appSecret: "s", verificationToken: "v", encryptKey: "" };
  const secured = { ...credentials, encryptKey: KEY };
  const event = { kind: "event", at: 1_763_800_000_999, credentials } as const;

  it("is the text as it stands when there is no key", () => {
    expect(renderRequest(EVENT, event)).toEqual({ headers: { "content-type": "application/json; charset=utf-8" }, body: EVENT });
  });

  it("is encrypted and signed when there is one, as compact JSON", () => {
    const { headers, body } = renderRequest(EVENT, { ...event, credentials: secured });
    expect(body).toMatch(/^\{"encrypt":"[A-Za-z0-9+/]+=*"\}$/);
    expect(headers["x-lark-request-timestamp"]).toBe("1763800000");
    const nonce = headers["x-lark-request-nonce"] ?? "";
    expect(headers["x-lark-signature"]).toBe(signBody(body, { timestamp: "1763800000", nonce, encryptKey: KEY }));
  });

  it("is encrypted but not signed when it is the challenge", () => {
    const { headers, body } = renderRequest(CHALLENGE, { ...event, kind: "challenge", credentials: secured });
    expect(Object.keys(headers)).toEqual(["content-type"]);
    expect(body).toMatch(/^\{"encrypt":/);
  });

  it("is wrong in the ways that are asked for", () => {
    const twisted = (twist: object): ReturnType<typeof renderRequest> => renderRequest(EVENT, { ...event, credentials: secured, ...twist });
    expect(twisted({ isPlain: true }).body).toBe(EVENT);
    expect(twisted({ isPretty: true }).body).toMatch(/^\{\n {2}"encrypt": /);
    expect(twisted({ body: "{" }).body).toBe("{");
    expect(twisted({ timestamp: 5 }).headers["x-lark-request-timestamp"]).toBe("5");
    expect(twisted({ headers: { "x-lark-signature": "" } }).headers).not.toHaveProperty("x-lark-signature");
    expect(twisted({ headers: { "content-type": "text/plain" } }).headers["content-type"]).toBe("text/plain");
    expect(renderRequest(EVENT, { ...event, encryptKey: "another" }).headers).toHaveProperty("x-lark-signature");
  });
});
