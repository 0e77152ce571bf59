import * as v from "valibot";

/** Opcodes of the gateway ("event-emit/websocket"). */
export const OPCODE = {
  dispatch: 0,
  heartbeat: 1,
  identify: 2,
  resume: 6,
  reconnect: 7,
  invalidSession: 9,
  hello: 10,
  heartbeatAck: 11,
} as const;

/** Something that the platform tells clients. */
export interface QqEvent {
  /** Its name, such as `C2C_MESSAGE_CREATE`. */
  readonly t: string;
  readonly d: unknown;
  /** The event id; absent where there is none. */
  readonly id?: string;
}

/** A frame of a client, as far as it can be read. */
export type ClientFrame =
  | { readonly kind: "heartbeat"; readonly s: number | null }
  | { readonly kind: "identify"; readonly token: string; readonly intents: number; readonly shard?: readonly [number, number] | undefined; readonly properties?: Readonly<Record<string, unknown>> | undefined }
  | { readonly kind: "resume"; readonly token: string; readonly sessionId: string; readonly s: number }
  | { readonly kind: "unknown"; readonly closeCode: number };

const whole = v.pipe(v.number(), v.integer());
const FRAME = v.pipe(v.string(), v.parseJson(), v.looseObject({ op: v.number(), d: v.optional(v.unknown()) }));
// Some clients leave `d` out and write `s`, some write neither.
const BEAT = v.object({ d: v.nullish(whole), s: v.nullish(whole) });
const IDENTIFY = v.object({
  token: v.string(),
  intents: whole,
  shard: v.optional(v.tuple([whole, whole])),
  properties: v.optional(v.record(v.string(), v.unknown())),
});
const RESUME = v.pipe(
  v.object({ token: v.string(), session_id: v.string(), seq: whole }),
  v.transform(({ token, session_id: sessionId, seq: s }) => ({ token, sessionId, s })),
);

/** Close codes for frames that cannot be read. */
const INVALID_OPCODE = 4001;
const INVALID_PAYLOAD = 4002;

/** Reads a frame; one that cannot be read tells the code to close with. */
export function readFrame(data: string | Uint8Array): ClientFrame {
  const frame = v.safeParse(FRAME, data);
  if (!frame.success) return { kind: "unknown", closeCode: INVALID_PAYLOAD };
  switch (frame.output.op) {
    case OPCODE.heartbeat: {
      const beat = v.safeParse(BEAT, frame.output);
      return beat.success ? { kind: "heartbeat", s: beat.output.d ?? beat.output.s ?? null } : { kind: "unknown", closeCode: INVALID_PAYLOAD };
    }
    case OPCODE.identify: {
      const wish = v.safeParse(IDENTIFY, frame.output.d);
      return wish.success ? { kind: "identify", ...wish.output } : { kind: "unknown", closeCode: INVALID_PAYLOAD };
    }
    case OPCODE.resume: {
      const wish = v.safeParse(RESUME, frame.output.d);
      return wish.success ? { kind: "resume", ...wish.output } : { kind: "unknown", closeCode: INVALID_PAYLOAD };
    }
    default:
      return { kind: "unknown", closeCode: INVALID_OPCODE };
  }
}

/** The text of a dispatch; `s` is left out where it is `undefined`. */
export function renderDispatch({ t, d, id }: QqEvent, s: number | undefined): string {
  return JSON.stringify({ op: OPCODE.dispatch, s, t, id, d });
}

/** The text of any other frame. */
export function renderFrame(op: number, d?: unknown): string {
  return JSON.stringify({ op, d });
}

/** The access token in `QQBot <token>`. */
export function bearerOf(token: string): string | undefined {
  return /^QQBot\s+(\S+)$/.exec(token)?.[1];
}
