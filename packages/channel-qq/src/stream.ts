import { excerpt } from "@revka/core";
import { INVALID, RECONNECT, type Verdict } from "./close-codes.ts";
import { decodeEvent, type QqEvent } from "./events.ts";
import { LIMITS } from "./limits.ts";
import { heartbeatIntervalOf, OPCODES, sessionOf, type GatewayFrame, type Malformed } from "./wire.ts";

/** How far a connection has come. */
export interface StreamState {
  readonly phase: "greeting" | "identifying" | "resuming" | "ready";
  /** There is a session to go on with. */
  readonly hasSession: boolean;
}

/** What is to be done about a frame. */
export type StreamEffect =
  /** Begin to send heartbeats. */
  | { readonly kind: "heart"; readonly intervalMs: number }
  /** Ask for a new session, ask to go on with the old one, or send a heartbeat at once. */
  | { readonly kind: "say"; readonly what: "identify" | "resume" | "beat" }
  /** A new session stands, which the platform may not have named. */
  | { readonly kind: "ready"; readonly sessionId: string | undefined; readonly botId: string | undefined; readonly sequence: number }
  /** The old session goes on; all that was missed has come. */
  | { readonly kind: "resumed"; readonly sequence: number | undefined }
  /** A heartbeat was answered. */
  | { readonly kind: "alive" }
  | { readonly kind: "event"; readonly event: QqEvent; readonly sequence: number | undefined }
  /** Leave the connection. */
  | { readonly kind: "end"; readonly verdict: Verdict; readonly note: string }
  /** Worth a line in the log. */
  | { readonly kind: "note"; readonly problem: string; readonly excerpt: string };

/** The next state, and what is to be done. */
export interface StreamStep {
  readonly state: StreamState;
  readonly effects: readonly StreamEffect[];
}

const BEAT: StreamEffect = { kind: "say", what: "beat" };

/** A connection that was just made. */
export function opened(hasSession: boolean): StreamState {
  return { phase: "greeting", hasSession };
}

/** Deals with one frame. Pure, and takes everything: what is no frame, or makes no sense now, is noted. */
export function step(state: StreamState, frame: GatewayFrame | Malformed): StreamStep {
  if ("malformed" in frame) return note(state, frame.malformed, frame.excerpt);
  switch (frame.op) {
    case OPCODES.hello:
      return stepHello(state, frame);
    case OPCODES.dispatch:
      return stepDispatch(state, frame);
    case OPCODES.heartbeat:
      return { state, effects: [BEAT] };
    case OPCODES.heartbeatAck:
      return { state, effects: [{ kind: "alive" }] };
    case OPCODES.reconnect:
      return { state, effects: [{ kind: "end", verdict: RECONNECT, note: "QQ: received Reconnect (op 7); will resume" }] };
    case OPCODES.invalidSession:
      return stepInvalid(state, frame);
    default:
      return note(state, "an unknown opcode", String(frame.op));
  }
}

function stepHello(state: StreamState, { data }: GatewayFrame): StreamStep {
  if (state.phase !== "greeting") return note(state, "a second Hello", "");
  const asked = heartbeatIntervalOf(data);
  const intervalMs = Math.min(Math.max(asked ?? LIMITS.heartbeatMs, LIMITS.heartbeatMinMs), LIMITS.heartbeatMaxMs);
  const doubts = intervalMs === asked ? [] : note(state, "a Hello with a heartbeat interval that makes no sense", String(asked)).effects;
  const [phase, what] = state.hasSession ? (["resuming", "resume"] as const) : (["identifying", "identify"] as const);
  return { state: { ...state, phase }, effects: [...doubts, { kind: "heart", intervalMs }, { kind: "say", what }] };
}

function stepDispatch(state: StreamState, { type, data, sequence }: GatewayFrame): StreamStep {
  if (type === "READY") {
    const effect = { kind: "ready", ...sessionOf(data), sequence: sequence ?? 0 } as const;
    return { state: { phase: "ready", hasSession: effect.sessionId !== undefined }, effects: [effect, BEAT] };
  }
  if (type === "RESUMED") return { state: { ...state, phase: "ready" }, effects: [{ kind: "resumed", sequence }, BEAT] };
  if (type === undefined) return note(state, "a dispatch without a type", "");
  const event = decodeEvent(type, data);
  const doubts = event.kind === "unreadable" ? note(state, `an event that cannot be read: ${excerpt(type, 80)}`, "").effects : [];
  return { state, effects: [...doubts, { kind: "event", event, sequence }] };
}

function stepInvalid(state: StreamState, { data }: GatewayFrame): StreamStep {
  // By the platform's own SDKs `true` means that the session can still be resumed; once is enough to see.
  const session = data === true && state.phase === "ready" ? "keep" : "drop";
  const what = session === "keep" ? "will resume" : "clearing session for fresh auth";
  return { state, effects: [{ kind: "end", verdict: INVALID[session], note: `QQ: received Invalid Session (op 9); ${what}` }] };
}

function note(state: StreamState, problem: string, found: string): StreamStep {
  return { state, effects: [{ kind: "note", problem, excerpt: found }] };
}
