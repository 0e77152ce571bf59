import type { Rule } from "./rules.ts";

/**
 * When a fault strikes: before the request's body is read, after that but before the platform does
 * anything, or after the platform has done its work and only the answer is missing.
 */
export type FaultStage = "before-body" | "before-work" | "after-work";

/** Something that goes wrong between a client and a platform. `at` is `"before-work"` unless given. */
export type Fault =
  /** The connection is reset. */
  | { readonly kind: "reset"; readonly at?: FaultStage }
  /** Nothing happens until the rule is released or the client leaves. */
  | { readonly kind: "hang"; readonly at?: FaultStage }
  /** `ms` pass; releasing the rule ends the wait. */
  | { readonly kind: "delay"; readonly ms: number; readonly at?: FaultStage }
  /** This answer instead of the platform's. Status 200 and an empty body unless given; `base64` gives bytes. */
  | {
      readonly kind: "answer";
      readonly at?: "before-work" | "after-work";
      readonly status?: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string;
      readonly base64?: string;
    }
  /** The connection closes in the middle of the answer's body. */
  | { readonly kind: "cut" }
  /** A well-formed answer with only the first half of the body. */
  | { readonly kind: "truncate" }
  /** The body is gzipped, whether the client accepts that or not. */
  | { readonly kind: "gzip" }
  /** A UTF-8 byte order mark stands before the body. */
  | { readonly kind: "bom" }
  /** Spaces fill the body up to `bytes`. */
  | { readonly kind: "pad"; readonly bytes: number };

/** Which requests a fault hits. The oldest rule that matches takes a request. */
export interface FaultRule extends Rule<Fault> {
  /** Any platform unless given. */
  readonly platform?: string;
  /** Any method unless given. */
  readonly method?: string;
  /** Path below the platform's prefix, e.g. `/api/message/send`; one `*` at the end stands for any rest. */
  readonly path?: string;
}
