import type { Clock } from "@revka/core";
import type { GatewaySnapshot } from "../gateway-options.ts";
import type { ChannelObserver, GatewayEvent, GatewayObserver, GatewayStep } from "../observer.ts";
import { isUp } from "./health.ts";
import { createMetricSet, type MetricSet } from "./metric-set.ts";
import { createStopwatch, type Stopwatch } from "./stopwatch.ts";

/** Counts what happens, and tells it in Prometheus' text format. */
export interface Metrics {
  readonly observe: GatewayObserver;
  readonly observeChannel: ChannelObserver;
  /** A message that is no answer was posted. */
  posted(channel: string): void;
  /** A line was logged at error. */
  error(component: string): void;
  render(snapshot: GatewaySnapshot): Promise<string>;
  readonly contentType: string;
}

/** What metrics are made with. */
export interface MetricsOptions {
  readonly clock: Clock;
  readonly version: string;
  /** Build flags, e.g. `["channel-lark"]`. */
  readonly features: readonly string[];
}

/** Metrics that nothing has happened for yet. */
export function createMetrics({ clock, version, features }: MetricsOptions): Metrics {
  const set = createMetricSet();
  set.build.set({ version, features: features.join(",") }, 1);
  const steps = createSteps(set, createStopwatch(() => clock.monotonic()));
  const ofChannel: Record<Parameters<ChannelObserver>[0]["step"], (channel: string) => void> = {
    denied: (channel) => set.denied.inc({ channel }),
    "token-refreshed": (channel) => set.tokens.inc({ channel, outcome: "ok" }),
    "token-failed": (channel) => set.tokens.inc({ channel, outcome: "failed" }),
  };
  return {
    observe: (event) => steps[event.step](event),
    observeChannel: ({ step, channel }) => ofChannel[step](channel),
    posted: (channel) => set.messages.inc({ channel, direction: "out" }),
    error: (component) => set.errors.inc({ component }),
    contentType: set.registry.contentType,
    render(snapshot) {
      setGauges(set, snapshot, clock.now());
      return set.registry.metrics();
    },
  };
}

/** What each step of a message counts. */
function createSteps(set: MetricSet, watch: Stopwatch): Readonly<Record<GatewayStep, (event: GatewayEvent) => void>> {
  const accepting = ({ channel, messageId }: GatewayEvent): string => `accept ${channel} ${messageId}`;
  const thinking = ({ turnId = "" }: GatewayEvent): string => `turn ${turnId}`;
  const sending = ({ turnId = "" }: GatewayEvent): string => `send ${turnId}`;
  const ifTimed = (key: string, observe: (seconds: number) => void): void => {
    const seconds = watch.end(key);
    if (seconds !== undefined) observe(seconds);
  };
  const endTurn = (event: GatewayEvent, outcome: string): void => ifTimed(thinking(event), (seconds) => set.turns.observe({ outcome }, seconds));
  const endSend = (event: GatewayEvent, outcome: string): void => ifTimed(sending(event), (seconds) => set.sends.observe({ channel: event.channel, outcome }, seconds));
  const transcribed = ({ durationMs = 0 }: GatewayEvent, outcome: string): void => set.transcriptions.observe({ outcome }, durationMs / 1_000);
  return {
    received: (event) => watch.begin(accepting(event)),
    accepted(event) {
      set.messages.inc({ channel: event.channel, direction: "in" });
      ifTimed(accepting(event), (seconds) => set.accepts.observe(seconds));
    },
    duplicate(event) {
      watch.end(accepting(event));
      set.duplicates.inc({ channel: event.channel });
    },
    overflow(event) {
      watch.end(accepting(event));
      set.overflows.inc({ channel: event.channel });
    },
    transcribed: (event) => transcribed(event, "ok"),
    "not-transcribed": (event) => transcribed(event, "failed"),
    "agent-started": (event) => watch.begin(thinking(event)),
    replied(event) {
      endTurn(event, "answered");
      watch.begin(sending(event));
    },
    "part-sent"(event) {
      endSend(event, "sent");
      set.messages.inc({ channel: event.channel, direction: "out" });
    },
    "part-recorded": (event) => watch.begin(sending(event)),
    "part-retried": ({ channel, reason: kind = "other" }) => set.retries.inc({ channel, kind }),
    settled(event) {
      endTurn(event, "empty");
      watch.end(sending(event));
    },
    dead(event) {
      endTurn(event, "failed");
      endSend(event, "failed");
      set.dead.inc({ channel: event.channel });
    },
  };
}

/** What is only known at the moment of asking. */
function setGauges({ queue, inFlight, up, reconnects, lastFrame }: MetricSet, { unfinished, thinking, channels }: GatewaySnapshot, now: number): void {
  queue.set(Math.max(0, unfinished - thinking));
  inFlight.set(thinking);
  for (const metric of [up, reconnects, lastFrame]) metric.reset(); // a channel may have gone
  for (const snapshot of channels) {
    const { name: channel, status } = snapshot;
    up.set({ channel }, isUp(snapshot) ? 1 : 0);
    reconnects.inc({ channel }, status.reconnects);
    if (status.lastFrameAt !== undefined) lastFrame.set({ channel }, Math.max(0, now - status.lastFrameAt) / 1_000);
  }
}
