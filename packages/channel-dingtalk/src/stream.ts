import { excerpt } from "@revka/core";
import { robotMessageOf, ROBOT_TOPIC, type Malformed, type StreamAck, type StreamFrame } from "./wire.ts";
import type { RobotMessage } from "./robot-message.ts";

/** What a connection has been through. */
export interface StreamState {
  /** The platform has announced that it will close it. */
  readonly isRetiring: boolean;
}

/** What is to be done about a frame. */
export type StreamEffect =
  | { readonly kind: "ack"; readonly ack: StreamAck }
  /** Hand it over; send `ack`, on the same connection, once it is dealt with. */
  | { readonly kind: "deliver"; readonly message: RobotMessage; readonly sentAt: number | undefined; readonly ack: StreamAck | undefined }
  /** Open the next connection; this one is read until it closes. */
  | { readonly kind: "retire" }
  /** Nothing can be done with it. */
  | { readonly kind: "note"; readonly problem: string; readonly excerpt: string };

/** What comes of one frame. */
export interface StreamStep {
  readonly state: StreamState;
  readonly effects: readonly StreamEffect[];
}

/** The state of a connection that was just opened. */
export const OPENED: StreamState = { isRetiring: false };

/**
 * The protocol: what one frame means, and what is to be done.
 *
 * Whatever names a message id is acknowledged, understood or not, but for `disconnect` and the other notices of the
 * system: what is left unanswered comes again.
 */
export function step(state: StreamState, frame: StreamFrame | Malformed): StreamStep {
  if ("malformed" in frame) return { state, effects: [{ kind: "note", problem: frame.malformed, excerpt: frame.excerpt }] };
  switch (frame.type) {
    case "SYSTEM":
      return stepSystem(state, frame);
    case "CALLBACK":
      return { state, effects: frame.topic === ROBOT_TOPIC ? effectsOfMessage(frame) : effectsOfStranger(frame) };
    case "EVENT":
      return { state, effects: acknowledged(frame, { data: EVENT_DONE }) };
    default:
      return { state, effects: effectsOfStranger(frame) };
  }
}

const MESSAGE_DONE = JSON.stringify({ response: null });
const EVENT_DONE = JSON.stringify({ status: "SUCCESS", message: "success" });

function stepSystem(state: StreamState, frame: StreamFrame): StreamStep {
  // The pong is the ping's own data, with its `opaque`.
  if (frame.topic === "ping") return { state, effects: acknowledged(frame, { data: frame.data }) };
  if (frame.topic !== "disconnect" || state.isRetiring) return { state, effects: [] };
  return { state: { isRetiring: true }, effects: [{ kind: "retire" }] };
}

function effectsOfMessage(frame: StreamFrame): readonly StreamEffect[] {
  const message = robotMessageOf(frame);
  const msgId = message?.msgId ?? frame.messageId;
  if (message === undefined || msgId === undefined) {
    // Acknowledged all the same: it would not be readable the next time either.
    return [...acknowledged(frame, { data: MESSAGE_DONE }), { kind: "note", problem: "a robot message that cannot be read", excerpt: `${frame.data.length} characters` }];
  }
  return [{ kind: "deliver", message: { ...message, msgId }, sentAt: frame.sentAt, ack: ackOf(frame, { data: MESSAGE_DONE }) }];
}

function effectsOfStranger(frame: StreamFrame): readonly StreamEffect[] {
  const problem = `an unknown topic: ${excerpt(`${frame.type} ${frame.topic}`, 80)}`;
  return [...acknowledged(frame, { code: 404, message: "topic not subscribed", data: "" }), { kind: "note", problem, excerpt: "" }];
}

type AckContent = Partial<Pick<StreamAck, "code" | "message">> & Pick<StreamAck, "data">;

function ackOf({ messageId }: StreamFrame, { code = 200, message = "OK", data }: AckContent): StreamAck | undefined {
  return messageId === undefined ? undefined : { code, message, messageId, data };
}

function acknowledged(frame: StreamFrame, content: AckContent): readonly StreamEffect[] {
  const ack = ackOf(frame, content);
  return ack === undefined ? [] : [{ kind: "ack", ack }];
}
