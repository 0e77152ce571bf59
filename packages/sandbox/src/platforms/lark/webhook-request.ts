import { randomBytes } from "node:crypto";
import type { LarkCredentials } from "./credentials.ts";
import { encryptText, signBody } from "./webhook-crypto.ts";

/** How a post may differ from what the platform would send. */
export interface LarkTwist {
  /** This body in place of the usual one, signed as usual. */
  readonly body?: string;
  /** With line breaks; signed as it is sent. */
  readonly isPretty?: boolean;
  /** Not encrypted although there is a key. */
  readonly isPlain?: boolean;
  /** Encrypted and signed with this key. */
  readonly encryptKey?: string;
  /** Signed for this time, in seconds. */
  readonly timestamp?: number;
  /** Headers that are added or replace usual ones; an empty value takes one away. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** What a request is made of besides its text. */
export interface RequestOptions extends LarkTwist {
  readonly kind: "challenge" | "event";
  /** Epoch ms. */
  readonly at: number;
  readonly credentials: LarkCredentials;
}

/**
 * Makes the request that carries a text to the webhook: encrypted and signed where there is a key.
 *
 * A challenge carries no signature, also with a key. JSON is compact: the official Node client checks the signature on what it writes itself.
 */
export function renderRequest(text: string, { kind, at, credentials, ...twist }: RequestOptions): { readonly headers: Readonly<Record<string, string>>; readonly body: string } {
  const { encryptKey = credentials.encryptKey, timestamp = Math.floor(at / 1_000), isPlain = false, isPretty = false } = twist;
  const carried = encryptKey === "" || isPlain ? text : JSON.stringify({ encrypt: encryptText(text, encryptKey) });
  const body = twist.body ?? (isPretty ? JSON.stringify(JSON.parse(carried), null, 2) : carried);
  const signature = encryptKey === "" || kind === "challenge" ? {} : signatureHeaders(body, String(timestamp), encryptKey);
  const headers = Object.entries({ "content-type": "application/json; charset=utf-8", ...signature, ...twist.headers });
  return { headers: Object.fromEntries(headers.filter(([, value]) => value !== "")), body };
}

function signatureHeaders(body: string, timestamp: string, encryptKey: string): Readonly<Record<string, string>> {
  const nonce = randomBytes(8).toString("hex");
  return {
    "x-lark-request-timestamp": timestamp,
    "x-lark-request-nonce": nonce,
    "x-lark-signature": signBody(body, { timestamp, nonce, encryptKey }),
  };
}
