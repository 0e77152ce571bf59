import type { Rule } from "./rules.ts";

/** Which way a frame goes, as the platform sees it: `"out"` to the client, `"in"` from it. */
export type FrameDirection = "out" | "in";

/** Something that goes wrong with one WebSocket frame, or with its connection when the frame comes along. */
export type FrameFault =
  /** It is lost. */
  | { readonly kind: "drop" }
  /** It arrives `ms` later, or when the rule is released; those behind it overtake it. */
  | { readonly kind: "delay"; readonly ms: number }
  /** It arrives when the rule is released; those behind it overtake it. */
  | { readonly kind: "hold" }
  /** It arrives `count` times, 2 unless given. */
  | { readonly kind: "duplicate"; readonly count?: number }
  /** It arrives after the frame behind it. */
  | { readonly kind: "reorder" }
  /** Only its first half arrives. */
  | { readonly kind: "truncate" }
  /** This arrives instead: `text` as a text frame, `base64` as a binary one; an empty text unless given. */
  | { readonly kind: "replace"; readonly text?: string; readonly base64?: string }
  /** Spaces fill it up to `bytes`. */
  | { readonly kind: "pad"; readonly bytes: number }
  /** It and all that follow in both directions are lost, WebSocket pings too, while TCP stays open: until the rule is released. */
  | { readonly kind: "silence" }
  /** The connection closes instead. */
  | { readonly kind: "close"; readonly code: number; readonly reason?: string }
  /** The connection is reset instead. */
  | { readonly kind: "reset" };

/** Which frames a fault hits. The oldest rule that matches takes a frame. */
export interface FrameRule extends Rule<FrameFault> {
  /** Any platform unless given. */
  readonly platform?: string;
  /** Both unless given. */
  readonly direction?: FrameDirection;
  /** What the platform calls the frame, e.g. `SYSTEM ping`; one `*` at the end stands for any rest. `ws-ping` is a WebSocket ping. */
  readonly frame?: string;
  /** Id of a connection; any unless given. */
  readonly connection?: number;
}
