import type { FrameData } from "../../faults/frame-damage.ts";
import type { Line, LineEvents } from "../../server/line.ts";
import type { PlatformContext, Upgrade } from "../platform.ts";
import { readAck, readFrame } from "./acks.ts";
import type { LarkClose, LiveConnection } from "./connections.ts";
import { clientConfig } from "./discovery.ts";
import { CONTROL, encodeFrame, headerOf, type LarkFrame } from "./frame.ts";
import { framesOf } from "./event-frames.ts";
import { admit } from "./handshake.ts";
import type { LarkState } from "./state.ts";
import type { LarkTicket } from "./tickets.ts";

/** Where big numbers of frames begin: beyond what a double holds exactly. */
const BIG_ID = 2n ** 53n + 1n;

/** Takes over handshakes with a good URL. */
export function createUpgrade(state: LarkState, { lines }: Pick<PlatformContext, "lines">): Upgrade {
  return (handshake) => {
    const admitted = admit(state, handshake);
    if ("status" in admitted) return admitted;
    lines.accept(handshake, (line) => attend(state, line, admitted));
    return undefined;
  };
}

/** Counts the connection among the open ones, and reads what it sends. */
function attend(state: LarkState, line: Line, ticket: LarkTicket): LineEvents {
  const { promise: closed, resolve: end } = Promise.withResolvers<LarkClose>();
  const connection = createConnection(state, line, { ...ticket, closed });
  state.connections.set(line.id, connection);
  state.connectionLog.append(() => connection);
  return {
    nameOf: (data) => (isPing(readFrame(data)) ? "ping" : "ack"),
    received: (data) => receive(state, connection, data),
    closed: (code, reason) => {
      state.connections.delete(line.id);
      end({ order: state.nextOrder(), at: state.now(), code, reason });
    },
  };
}

function createConnection(state: LarkState, line: Line, opening: LarkTicket & { readonly closed: Promise<LarkClose> }): LiveConnection {
  let sent = 0n;
  const nextIds = (): Pick<LarkFrame, "seqId" | "logId"> => {
    sent += 1n;
    const first = state.behaviour.frameIds === "big" ? BIG_ID : 0n;
    return { seqId: first + 2n * sent, logId: first + 2n * sent + 300n };
  };
  return {
    ...opening,
    id: line.id,
    order: state.nextOrder(),
    openedAt: state.now(),
    line,
    nextIds,
    get isOpen() {
      return line.isOpen;
    },
    close: (code = 1000, reason = "") => line.close(code, reason),
    terminate: () => line.terminate(),
    reset: () => line.reset(),
    silence: () => {
      line.isSilent = true;
      return () => (line.isSilent = false);
    },
    ping: () => line.send("ping", encodeFrame(controlFrame("ping", opening.serviceId))),
    sendFrame: (fields) => {
      const [usual] = framesOf(new Uint8Array(), { transportId: `raw-${sent}`, eventId: "raw", at: state.now() }, { ...opening, nextIds });
      if (usual !== undefined) line.send("raw", encodeFrame({ ...usual, ...fields }));
    },
    sendRaw: (data) => line.send("raw", data),
  };
}

function controlFrame(type: string, service: number, payload?: Uint8Array): LarkFrame {
  return { seqId: 0n, logId: 0n, service, method: CONTROL, headers: [{ key: "type", value: type }], ...(payload === undefined ? {} : { payload }) };
}

function isPing(frame: LarkFrame | string): frame is LarkFrame {
  return typeof frame !== "string" && frame.method === CONTROL && headerOf(frame, "type") === "ping";
}

function receive(state: LarkState, connection: LiveConnection, data: FrameData): void {
  const frame = readFrame(data);
  if (isPing(frame)) answerPing(state, connection, frame);
  else takeAck(state, connection, frame);
}

function answerPing(state: LarkState, { id, line, serviceId }: LiveConnection, frame: LarkFrame): void {
  const problems = [
    frame.service !== serviceId && "service is not the service_id of the URL",
    (frame.seqId !== 0n || frame.logId !== 0n) && "SeqID and LogID are not 0",
    frame.payload !== undefined && "it has a payload",
  ].filter((problem) => typeof problem === "string");
  state.pings.append((seq) => ({ seq, order: state.nextOrder(), at: state.now(), connection: id, problems }));
  const { pong } = state.behaviour;
  const payload = pong === "none" ? undefined : Buffer.from(JSON.stringify(pong === "config" ? clientConfig(state) : pong));
  line.send("pong", encodeFrame(controlFrame("pong", serviceId, payload)));
}

function takeAck(state: LarkState, { id }: LiveConnection, frame: LarkFrame | string): void {
  const ack = readAck(frame, (transportId) => state.deliveries.find(transportId, id));
  const attempt = ack.transportId === undefined ? undefined : state.deliveries.find(ack.transportId, id)?.attempt;
  const at = state.now();
  const { ackWindowMs, strictAcks } = state.behaviour;
  const isLate = attempt !== undefined && at - attempt.at > ackWindowMs;
  const counts = attempt !== undefined && !isLate && ack.code === 200 && (ack.problems.length === 0 || !strictAcks);
  state.acks.append((seq) => ({
    seq, order: state.nextOrder(), at, connection: id, ...ack, isLate, counts,
    ...(attempt === undefined ? {} : { id: attempt.id, eventId: attempt.eventId }),
  }));
  if (attempt !== undefined && counts) state.deliveries.answered(attempt, ack.data);
}
