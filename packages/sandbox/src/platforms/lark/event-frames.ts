import type { LiveConnection } from "./connections.ts";
import type { LarkChoice } from "./delivery.ts";
import { DATA, encodeFrame, type LarkFrame } from "./frame.ts";

/** What the frames of one event share. */
export interface EventFrames {
  /** Value of the header `type`; default `"event"`. */
  readonly type?: string | undefined;
  /** Value of the header `message_id`, which is not that of a message in a chat. */
  readonly transportId: string;
  readonly eventId: string;
  /** Epoch ms. */
  readonly at: number;
  /** How many frames carry it; default 1. */
  readonly count?: number | undefined;
}

/** The frames that carry an event, cut into pieces of the same number of bytes, wherever characters end. */
export function framesOf(payload: Uint8Array, { type = "event", transportId, eventId, at, count = 1 }: EventFrames, connection: Pick<LiveConnection, "serviceId" | "nextIds">): readonly LarkFrame[] {
  const size = Math.ceil(payload.length / count);
  return Array.from({ length: count }, (_, seq) => {
    const headers = { type, message_id: transportId, sum: count, seq, trace_id: eventId, timestamp: at, instance_id: "sandbox-1" };
    const ids = connection.nextIds();
    return {
      ...ids,
      service: connection.serviceId,
      method: DATA,
      headers: Object.entries(headers).map(([key, value]) => ({ key, value: String(value) })),
      payloadEncoding: "json",
      payloadType: "event",
      payload: payload.subarray(seq * size, (seq + 1) * size),
      logIdNew: `log-${ids.logId}`,
    };
  });
}

/** Sends frames, all or as a choice says. `name` is what the platform calls the event. */
export function sendFrames({ line }: LiveConnection, frames: readonly LarkFrame[], { name, order }: { readonly name: string; readonly order: LarkChoice["fragmentOrder"] }): void {
  for (const index of order ?? frames.keys()) {
    const frame = frames[index];
    if (frame !== undefined) line.send(frames.length === 1 ? name : `fragment ${index}/${frames.length}`, encodeFrame(frame));
  }
}
