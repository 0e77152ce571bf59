import type { Fault } from "../faults/fault.ts";
import type { Answer, RequestHead } from "../server/http-message.ts";
import { createLog, type Log } from "./log.ts";

/** How many exchanges are kept, oldest out. */
const CAPACITY = 10_000;
/** How much of a body is kept as text. */
const KEPT_BODY_BYTES = 16 * 1024;

/** A body as the record keeps it. */
export interface RecordedBody {
  /** Its first 16 KiB, read as UTF-8. */
  readonly text: string;
  /** How long all of it is. */
  readonly bytes: number;
}

/** A platform's answer. */
export interface RecordedAnswer {
  /** Epoch ms. */
  readonly at: number;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: RecordedBody;
}

/** One request to a platform and what became of it. */
export interface RecordedExchange {
  /** Counts from 1 and is never used twice, so it serves as a cursor. */
  readonly seq: number;
  /** Arrival, epoch ms. */
  readonly at: number;
  /** Empty when the path belongs to no platform. */
  readonly platform: string;
  readonly method: string;
  /** Below the platform's prefix, as it stood in the request line. */
  readonly path: string;
  /** With its question mark; empty when there is none. */
  readonly query: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: RecordedBody;
  /** How many requests of this platform, method and path were under way on arrival, this one included. */
  readonly inFlight: number;
  /** The fault that hit it. */
  readonly fault?: Fault["kind"];
  /** `"dropped"`: the connection ended without an answer. */
  readonly outcome: "pending" | "answered" | "dropped";
  /** What was sent, or was to be sent when the connection ended in the middle of it. */
  readonly answer?: RecordedAnswer;
}

/** What the sandbox saw. */
export interface ExchangeRecord {
  /** The last 10,000 exchanges whose request arrived whole or was cut off by a fault; oldest first. */
  readonly entries: readonly RecordedExchange[];
  /**
   * Gives the first matching exchange that is over, recorded or still to come.
   *
   * An exchange under way is not offered; of one that hangs, the fault's handle tells.
   */
  next(matches: (exchange: RecordedExchange) => boolean, signal?: AbortSignal): Promise<RecordedExchange>;
  /** Like `next`, but never gives the same exchange to two calls. */
  take(matches: (exchange: RecordedExchange) => boolean, signal?: AbortSignal): Promise<RecordedExchange>;
}

/** The part of a request that is known before its body. */
export interface Arrival extends Pick<RecordedExchange, "platform" | "path" | "query"> {
  readonly head: RequestHead;
  readonly fault?: Fault["kind"];
}

/** Writes down one exchange. */
export interface ExchangeScribe {
  /** The request is here; `body` is absent when a fault kept it from being read. */
  received(body?: Uint8Array): void;
  /** It ends with this answer. */
  answered(answer: Answer): void;
  /** It ends without one, or in the middle of it. Does nothing when it is over already. */
  dropped(answer?: Answer): void;
}

/** The side of {@link ExchangeRecord} that writes. */
export interface Recorder extends ExchangeRecord {
  /** Notes the arrival of a request. */
  open(arrival: Arrival): ExchangeScribe;
  clear(): void;
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** Creates an empty {@link Recorder}. */
export function createRecorder(now: () => number, closing: AbortSignal): Recorder {
  const log: Log<Mutable<RecordedExchange>> = createLog(CAPACITY, closing);
  const underWay = new Map<string, number>();

  function count(key: string, change: 1 | -1): number {
    const next = (underWay.get(key) ?? 0) + change;
    if (next === 0) underWay.delete(key);
    else underWay.set(key, next);
    return next;
  }

  return {
    get entries() {
      return log.entries;
    },
    next: (matches, signal) => log.next((exchange) => exchange.outcome !== "pending" && matches(exchange), signal),
    take: (matches, signal) => log.take((exchange) => exchange.outcome !== "pending" && matches(exchange), signal),
    clear: () => log.clear(),
    open: ({ head, ...arrival }) => {
      const key = `${arrival.platform} ${head.method} ${arrival.path}`;
      const draft = { at: now(), ...arrival, method: head.method, headers: Object.fromEntries(head.headers), inFlight: count(key, 1) };
      let exchange: Mutable<RecordedExchange> | undefined;
      let isOver = false;
      const end = (outcome: "answered" | "dropped", answer?: Answer): void => {
        if (isOver) return;
        isOver = true;
        count(key, -1);
        if (exchange === undefined) return;
        exchange.outcome = outcome;
        if (answer !== undefined) exchange.answer = { at: now(), status: answer.status, headers: answer.headers, body: kept(answer.body) };
        log.changed(exchange);
      };
      return {
        received: (body = new Uint8Array()) => {
          exchange = log.append((seq) => ({ seq, ...draft, body: kept(body), outcome: "pending" }));
        },
        answered: (answer) => end("answered", answer),
        dropped: (answer) => end("dropped", answer),
      };
    },
  };
}

function kept(body: Uint8Array): RecordedBody {
  return { text: new TextDecoder("utf-8", { ignoreBOM: true }).decode(body.subarray(0, KEPT_BODY_BYTES)), bytes: body.length };
}
