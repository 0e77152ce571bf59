import type { Clock } from "@revka/core";
import * as v from "valibot";
import type { LarkSettings } from "./config.ts";
import { LIMITS } from "./limits.ts";
import { decryptEvent, isSameSecret, signRequest } from "./webhook-crypto.ts";
import { parseEnvelope, type EventEnvelope } from "./wire.ts";

/** A request to the webhook, read whole. */
export interface WebhookRequest {
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** As it came. */
  readonly body: Uint8Array;
}

/** What a request is: an event, the challenge of the console, or nothing that may come in. */
export type WebhookReading = { readonly event: EventEnvelope } | { readonly challenge: string } | Refused;

/** Why a request is refused. */
export interface Refused {
  readonly status: 400 | 401 | 403;
  /** For our log alone. */
  readonly reason: string;
}

/** What the webhook checks. */
export interface WebhookRules extends Pick<LarkSettings, "encryptKey" | "verificationToken"> {
  readonly clock: Clock;
}

const jsonSchema = v.pipe(v.string(), v.parseJson());
const encryptedSchema = v.object({ encrypt: v.string() });
const challengeSchema = v.object({ type: v.literal("url_verification"), challenge: v.string(), token: v.fallback(v.optional(v.string()), undefined) });

/**
 * Reads a request and checks where it comes from.
 *
 * With an encrypt key nothing comes in that is not encrypted with it and signed; only the console's challenge has no
 * signature. With a verification token every request must name it.
 */
export function readWebhook(request: WebhookRequest, rules: WebhookRules): WebhookReading {
  const isSigned = request.headers["x-lark-signature"] !== undefined;
  if (rules.encryptKey !== undefined && isSigned && !isTrueSignature(request, rules.encryptKey, rules.clock)) return { status: 401, reason: "bad signature" };
  const content = contentOf(request.body, rules.encryptKey);
  if ("status" in content) return content;
  const challenge = v.safeParse(challengeSchema, content.json);
  if (challenge.success) {
    const { challenge: text, token } = challenge.output;
    return isTrueToken(token, rules) ? { challenge: text } : BAD_TOKEN;
  }
  if (rules.encryptKey !== undefined && !isSigned) return { status: 401, reason: "no signature" };
  const event = parseEnvelope(content.json);
  if (event === undefined) return { status: 400, reason: "not an event" };
  return isTrueToken(event.header.token, rules) ? { event } : BAD_TOKEN;
}

const BAD_TOKEN: Refused = { status: 403, reason: "invalid token" };

function contentOf(body: Uint8Array, encryptKey: string | undefined): { readonly json: unknown } | Refused {
  const outer = v.safeParse(jsonSchema, new TextDecoder().decode(body));
  if (!outer.success) return { status: 400, reason: "not JSON" };
  if (encryptKey === undefined) {
    return v.is(encryptedSchema, outer.output) ? { status: 400, reason: "encrypted, but encrypt_key is not set" } : { json: outer.output };
  }
  if (!v.is(encryptedSchema, outer.output)) return { status: 401, reason: "not encrypted, although encrypt_key is set" };
  const inner = v.safeParse(jsonSchema, decryptEvent(encryptKey, outer.output.encrypt));
  return inner.success ? { json: inner.output } : { status: 400, reason: "cannot be decrypted with encrypt_key" };
}

function isTrueSignature({ headers, body }: WebhookRequest, encryptKey: string, clock: Clock): boolean {
  const [signature, timestamp, nonce] = ["signature", "request-timestamp", "request-nonce"].map((name) => headers[`x-lark-${name}`]);
  if (typeof signature !== "string" || typeof timestamp !== "string" || typeof nonce !== "string") return false;
  const isRecent = Math.abs(clock.now() - Number(timestamp) * 1_000) <= LIMITS.webhookSkewMs;
  return isRecent && isSameSecret(signature, signRequest(encryptKey, { timestamp, nonce, body }));
}

function isTrueToken(token: string | undefined, { verificationToken }: WebhookRules): boolean {
  return verificationToken === undefined || (token !== undefined && isSameSecret(token, verificationToken));
}
