import type { LookupFunction } from "node:net";
import type { ProxyChoice } from "../dialling/proxy.ts";

/** One request, complete. */
export interface Exchange {
  readonly method: string;
  readonly url: URL;
  readonly proxy: ProxyChoice;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | undefined;
  /** Of the decoded answer. */
  readonly maxBodyBytes: number;
  /** Resolves the name, e.g. to a checked address only; without a proxy. */
  readonly lookup?: LookupFunction | undefined;
}

/** One answer, complete and decoded. */
export interface Answer {
  readonly status: number;
  readonly statusText: string;
  readonly headers: Headers;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Whether a method changes nothing, so that asking twice does no harm. */
export function isSafe(method: string): boolean {
  return method === "GET" || method === "HEAD";
}
