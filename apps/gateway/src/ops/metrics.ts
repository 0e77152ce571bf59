import type { Clock } from "@revka/core";
import { Counter, Gauge, Histogram, Registry } from "prom-client";
import type { GatewaySnapshot } from "../gateway-options.ts";
import type { GatewayEvent, GatewayObserver } from "../observer.ts";
import { isUp } from "./health.ts";
import { createStopwatch } from "./stopwatch.ts";

/** Counts what happens, and tells it in Prometheus' text format. */
export interface Metrics {
  readonly observe: GatewayObserver;
  /** A sender was refused. */
  denied(channel: string): void;
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

/** Names and labels are those of operators' dashboards: no user, conversation or message is among them. */
export function createMetrics({ clock, version, features }: MetricsOptions): Metrics {
  const registry = new Registry();
  const counter = <T extends string>(name: string, help: string, labelNames: readonly T[]) => new Counter({ name: `revka_${name}`, help, labelNames: [...labelNames], registers: [registry] });
  const gauge = <T extends string>(name: string, help: string, labelNames: readonly T[] = []) => new Gauge({ name: `revka_${name}`, help, labelNames: [...labelNames], registers: [registry] });
  const histogram = <T extends string>(name: string, help: string, labelNames: readonly T[], buckets: number[]) =>
    new Histogram({ name: `revka_${name}`, help, labelNames: [...labelNames], buckets, registers: [registry] });

  const up = gauge("channel_up", "1 while the channel is connected, or idle by design.", ["channel"]);
  const reconnects = gauge("channel_reconnects_total", "How often the connection was made again.", ["channel"]);
  const lastFrame = gauge("channel_last_frame_seconds", "Since the platform last said anything.", ["channel"]);
  const messages = counter("channel_messages_total", "Messages accepted and posted.", ["channel", "direction"]);
  const denied = counter("denied_total", "Messages of senders that are not on the list.", ["channel"]);
  const duplicates = counter("duplicates_total", "Messages that came once more.", ["channel"]);
  const overflows = counter("overflows_total", "Messages that a bound refused.", ["channel"]);
  const accept = histogram("accept_seconds", "From a message's arrival until it was on disk.", [], [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 3]);
  const turns = histogram("turn_seconds", "From the question to the agent until its answer was on disk.", ["outcome"], [0.1, 0.5, 1, 5, 15, 60, 300, 1_200]);
  const sends = histogram("send_seconds", "How long a part of an answer took to be posted, retries included.", ["channel"], [0.05, 0.1, 0.5, 1, 5, 15, 60]);
  const retries = counter("send_retries_total", "Parts of answers that were tried again.", ["channel"]);
  const dead = counter("dead_letters_total", "Messages that were given up.", ["channel"]);
  const errors = counter("errors_total", "Lines logged at error.", ["component"]);
  const queue = gauge("queue_depth", "Accepted messages that are not done and wait.");
  const inFlight = gauge("in_flight", "Turns that the agent works on.");
  gauge("build_info", "Always 1.", ["version", "features"]).set({ version, features: features.join(",") }, 1);

  const watch = createStopwatch(() => clock.monotonic());
  const observeTurn = ({ turnId = "" }: GatewayEvent, outcome: string): void => {
    const seconds = watch.end(`turn ${turnId}`);
    if (seconds !== undefined) turns.observe({ outcome }, seconds);
  };

  function observe(event: GatewayEvent): void {
    const { step, channel, messageId, turnId = "" } = event;
    switch (step) {
      case "received":
        watch.begin(`accept ${channel} ${messageId}`);
        return;
      case "accepted": {
        messages.inc({ channel, direction: "in" });
        const seconds = watch.end(`accept ${channel} ${messageId}`);
        if (seconds !== undefined) accept.observe(seconds);
        return;
      }
      case "duplicate":
      case "overflow":
        watch.end(`accept ${channel} ${messageId}`);
        (step === "duplicate" ? duplicates : overflows).inc({ channel });
        return;
      case "agent-started":
        watch.begin(`turn ${turnId}`);
        return;
      case "replied":
        observeTurn(event, "answered");
        watch.begin(`send ${turnId}`);
        return;
      case "part-sent": {
        const seconds = watch.end(`send ${turnId}`);
        if (seconds !== undefined) sends.observe({ channel }, seconds);
        messages.inc({ channel, direction: "out" });
        return;
      }
      case "part-recorded":
        watch.begin(`send ${turnId}`);
        return;
      case "part-retried":
        retries.inc({ channel });
        return;
      case "settled":
        observeTurn(event, "empty");
        watch.end(`send ${turnId}`);
        return;
      case "dead":
        observeTurn(event, "failed");
        watch.end(`send ${turnId}`);
        dead.inc({ channel });
    }
  }

  return {
    observe,
    denied: (channel) => denied.inc({ channel }),
    error: (component) => errors.inc({ component }),
    contentType: registry.contentType,
    render(snapshot) {
      queue.set(Math.max(0, snapshot.unfinished - snapshot.thinking));
      inFlight.set(snapshot.thinking);
      for (const metric of [up, reconnects, lastFrame]) metric.reset(); // a channel may have gone
      for (const channel of snapshot.channels) {
        const { name, status } = channel;
        up.set({ channel: name }, isUp(channel) ? 1 : 0);
        reconnects.set({ channel: name }, status.reconnects);
        if (status.lastFrameAt !== undefined) lastFrame.set({ channel: name }, Math.max(0, clock.now() - status.lastFrameAt) / 1_000);
      }
      return registry.metrics();
    },
  };
}
