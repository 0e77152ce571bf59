import { Hono } from "hono";
import * as v from "valibot";
import { setBounded } from "../../record/bounded-map.ts";
import { placeIn, readCall } from "./call.ts";
import { LIMITS } from "./limits.ts";
import { keyOf, type QqPlace } from "./place.ts";
import { refuse } from "./refusal.ts";
import type { QqState } from "./state.ts";
import { timestampOf } from "./timestamp.ts";

const filled = v.pipe(v.string(), v.nonEmpty());
const whole = v.pipe(v.number(), v.integer(), v.minValue(0));
const GENERATING = 1;
const FINISHED = 10;
const FRAME = v.looseObject({
  input_mode: v.picklist(["append", "replace"]),
  input_state: v.picklist([GENERATING, FINISHED]),
  index: whole,
  content_type: v.literal("markdown"),
  content_raw: v.string(),
  msg_id: filled,
  msg_seq: v.optional(whole, 1),
  stream_msg_id: v.optional(v.string(), ""),
});
type Frame = v.InferOutput<typeof FRAME>;

/** A message that the user sees grow. */
export interface QqStream extends QqPlace {
  readonly id: string;
  readonly msgId: string;
  readonly msgSeq: number;
  /** What has been shown so far. */
  readonly text: string;
  /** How many frames made it. */
  readonly frames: number;
  readonly isFinished: boolean;
}

const CHANGED_TEXT = 40007;
const BAD_FRAME = 50001;
const TOO_LONG = 40054007;

/** Messages that grow, in private only. */
export function streamRoutes(state: QqState): Hono {
  const app = new Hono();
  app.post("/v2/:scene{users}/:id/stream_messages", async (c) => {
    const frame = await readCall(state, c.req, { call: "stream", schema: FRAME, perSecond: LIMITS.streamsPerSecond });
    if (frame instanceof Response) return frame;
    const stream = grow(state, placeIn(c.req), frame);
    if (typeof stream === "number") return refuse(stream);
    setBounded(state.streams, [stream.id, stream], LIMITS.keptCount);
    const { id, text, msgId, msgSeq } = stream;
    const refIdx = stream.isFinished ? finish(state, stream, { ...frame }) : state.newRefIdx();
    return c.json({ id, timestamp: timestampOf(state.now()), ext_info: { ref_idx: refIdx, msg_id: msgId, msg_seq: msgSeq }, remain_msg_len: state.behaviour.textChars - Array.from(text).length });
  });
  return app;
}

/** What a frame makes of its stream, or the platform's code for what is wrong with it. */
function grow(state: QqState, place: QqPlace, frame: Frame): QqStream | number {
  const isFirst = frame.stream_msg_id === "";
  const fresh = { ...place, id: state.newMessageId(), msgId: frame.msg_id, msgSeq: frame.msg_seq, text: "", frames: 0, isFinished: false };
  const before = isFirst ? fresh : state.streams.get(frame.stream_msg_id);
  if (before === undefined || !isNext(before, place, frame)) return BAD_FRAME;
  const isReplaced = frame.input_mode === "replace";
  if (isReplaced && !frame.content_raw.startsWith(before.text)) return CHANGED_TEXT;
  const text = isReplaced ? frame.content_raw : before.text + frame.content_raw;
  if (Array.from(text).length > state.behaviour.textChars) return TOO_LONG;
  const use = { kind: "message", id: frame.msg_id, msgSeq: frame.msg_seq, windowMs: LIMITS.streamWindowMs } as const;
  const refused = isFirst ? state.admission.admit(place, use) : undefined;
  return refused ?? { ...before, text, frames: before.frames + 1, isFinished: frame.input_state === FINISHED };
}

function isNext(stream: QqStream, place: QqPlace, frame: Frame): boolean {
  const isSame = frame.msg_id === stream.msgId && frame.msg_seq === stream.msgSeq && keyOf(stream) === keyOf(place);
  return isSame && !stream.isFinished && frame.index === stream.frames;
}

/** Counts a stream that is complete among the messages. @returns what it is quoted by. */
function finish(state: QqState, { id, text, msgId, msgSeq, user }: QqStream, payload: Readonly<Record<string, unknown>>): string {
  return state.deliver({ user }, { kind: "stream", text, payload, answers: { kind: "message", id: msgId, msgSeq } }, id).refIdx;
}
