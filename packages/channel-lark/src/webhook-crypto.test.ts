import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decryptEvent, isSameSecret, signRequest } from "./webhook-crypto.ts";

const KEY = "revka-encrypt-key";
const A =
  "AAECAwQFBgcICQoLDA0ODyXXZq6wKZMVmXRvYhNQ77aP7zD2Z3b59DbpZ174U9NMb3qrAtZ0sH+0KjqvTKkgdiDtSz2Et7PX5bLlnGo8U5D6o1U5daUnempR0s4aYhLMif3YwKHW+DH917u1/rExxd37BPHnHYgA9SGsBS5WVl0=";
const B = "2c9dd7ed78c1b044683aa3390e7f38c59c468dc04603cfed71704f96ecd5d6e4";
const C = "AAECAwQFBgcICQoLDA0ODzwU9MEEcpgL2YAayuZBR5ELYjeZ8EV+cPZtQiWxdZdivOZFnLJwuM3RKuy5wL7R0k7l3j3QM4RwuNLVoZDvEhuNONuIqyXSTbSoGFAjZIth";

describe("decryptEvent", () => {
  it.each([
    ["an event (vector A)", KEY, A, '{"schema":"2.0","header":{"event_id":"evt-0001","event_type":"im.message.receive_v1"},"event":{}}'],
    ["a challenge (vector C)", KEY, C, '{"challenge":"chal-9f2","token":"v-token-123","type":"url_verification"}'],
    ["the platform's own sample (vector E)", "test key", "P37w+VZImNgPEO1RBhJ6RtKl7n6zymIbEG1pReEzghk=", "hello world"],
  ])("reads %s (LARK-66)", (_title, key, encrypted, plain) => {
    expect(decryptEvent(key, encrypted)).toBe(plain);
  });

  it.each([
    ["nothing", ""],
    ["an IV alone", Buffer.alloc(16).toString("base64")],
    ["half a block", Buffer.alloc(40).toString("base64")],
    ["bad padding", Buffer.alloc(32).toString("base64")],
    ["no base64", "????"],
  ])("refuses %s", (_title, encrypted) => {
    expect(decryptEvent(KEY, encrypted)).toBeUndefined();
  });

  it("refuses what was made with another key", () => {
    expect(decryptEvent("another key", A)).toBeUndefined();
  });

  it("never throws, whatever comes", () => {
    const bytes = fc.uint8Array({ maxLength: 100 }).map((value) => Buffer.from(value).toString("base64"));
    fc.assert(fc.property(fc.oneof(bytes, fc.string()), (encrypted) => void decryptEvent(KEY, encrypted)), { seed: 66, numRuns: 500 });
  });
});

describe("signRequest", () => {
  const signed = (timestamp: string, body: string): string => signRequest(KEY, { timestamp, nonce: "n0nce-4b1d", body: Buffer.from(body) });

  it("signs as the platform does (vectors B, D and F)", () => {
    expect(signed("1763800000", `{"encrypt":"${A}"}`)).toBe(B);
    expect(signed("1763800000", '{"encrypt":"abc"}')).toBe("6cd8e5fdaad8fd76977391d1346bb7917c3082e28eee3e9ecf24677d92c9decc");
    expect(signed("1763800001", `{"encrypt":"${A}"}`)).not.toBe(B);
  });
});

describe("isSameSecret", () => {
  it("compares texts of any length", () => {
    expect([isSameSecret("a", "a"), isSameSecret("a", "b"), isSameSecret("a", "ab"), isSameSecret("", "")]).toEqual([true, false, false, true]);
  });
});
