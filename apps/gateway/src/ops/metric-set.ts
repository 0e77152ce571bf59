import { Counter, Gauge, Histogram, Registry } from "prom-client";

/** Every metric by its role. Names and labels are those of operators' dashboards: no user, conversation or message is among them. */
export interface MetricSet {
  readonly registry: Registry;
  readonly up: Gauge<"channel">;
  readonly reconnects: Counter<"channel">;
  readonly lastFrame: Gauge<"channel">;
  readonly messages: Counter<"channel" | "direction">;
  readonly denied: Counter<"channel">;
  readonly duplicates: Counter<"channel">;
  readonly overflows: Counter<"channel">;
  readonly accepts: Histogram;
  readonly turns: Histogram<"outcome">;
  readonly sends: Histogram<"channel" | "outcome">;
  readonly retries: Counter<"channel" | "kind">;
  readonly dead: Counter<"channel">;
  readonly errors: Counter<"component">;
  readonly transcriptions: Histogram<"outcome">;
  readonly tokens: Counter<"channel" | "outcome">;
  readonly queue: Gauge;
  readonly inFlight: Gauge;
  readonly build: Gauge<"version" | "features">;
}

/** A name without the prefix, and what is said of it. */
type Words = readonly [name: string, help: string];

/** Upper bounds, in seconds. */
const BUCKETS = {
  accept: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 3],
  turn: [0.1, 0.5, 1, 5, 15, 60, 300, 1_200],
  send: [0.05, 0.1, 0.5, 1, 5, 15, 60],
  transcription: [0.5, 1, 2, 5, 15, 60, 300],
};

/** The metrics, in a registry of their own. */
export function createMetricSet(): MetricSet {
  const registry = new Registry();
  const registers = [registry];
  const naming = <T extends string>([name, help]: Words, labelNames: readonly T[]) => ({ name: `revka_${name}`, help, labelNames: [...labelNames], registers });
  const gauge = <T extends string>(words: Words, ...labels: T[]) => new Gauge<T>(naming(words, labels));
  const counter = <T extends string>(words: Words, ...labels: T[]) => new Counter<T>(naming(words, labels));
  const histogram = <T extends string>(words: Words, buckets: number[], ...labels: T[]) => new Histogram<T>({ ...naming(words, labels), buckets });
  return {
    registry,
    up: gauge(["channel_up", "1 while the channel is connected, or idle by design."], "channel"),
    reconnects: counter(["channel_reconnects_total", "How often the connection was made again."], "channel"),
    lastFrame: gauge(["channel_last_frame_seconds", "Since the platform last said anything."], "channel"),
    messages: counter(["channel_messages_total", "Messages accepted and posted."], "channel", "direction"),
    denied: counter(["denied_total", "Messages of senders that are not on the list."], "channel"),
    duplicates: counter(["duplicates_total", "Messages that came once more."], "channel"),
    overflows: counter(["overflows_total", "Messages that a bound refused."], "channel"),
    accepts: histogram(["accept_seconds", "From a message's arrival until it was on disk."], BUCKETS.accept),
    turns: histogram(["turn_seconds", "From the question to the agent until its answer was on disk."], BUCKETS.turn, "outcome"),
    sends: histogram(["send_seconds", "Until a part of an answer was posted or given up, retries included."], BUCKETS.send, "channel", "outcome"),
    retries: counter(["send_retries_total", "Parts of answers that were tried again, by why."], "channel", "kind"),
    dead: counter(["dead_letters_total", "Messages that were given up."], "channel"),
    errors: counter(["errors_total", "Lines logged at error."], "component"),
    transcriptions: histogram(["transcription_seconds", "How long a voice message took to become text, or not to."], BUCKETS.transcription, "outcome"),
    tokens: counter(["token_refresh_total", "Access tokens that were asked for."], "channel", "outcome"),
    queue: gauge(["queue_depth", "Accepted messages that are not done and wait."]),
    inFlight: gauge(["in_flight", "Turns that the agent works on."]),
    build: gauge(["build_info", "Always 1."], "version", "features"),
  };
}
