import type { Clock } from "@revka/core";
import type { Gateway } from "../gateway-options.ts";
import { describeHealth, reasonsNotReady, type RuntimeHealth } from "./health.ts";
import type { OpsAnswer, OpsRoute } from "./http-listener.ts";
import type { Metrics } from "./metrics.ts";
import { answerSend, maxSendBytes, type SendSubject } from "./send.ts";

/** What the routes tell of, and act on. */
export interface OpsSubject extends SendSubject {
  readonly gateway: Gateway;
  readonly metrics: Metrics;
  readonly agent: string;
  readonly token: string;
  readonly clock: Clock;
  /** Epoch ms. */
  readonly startedAt: number;
}

/** The routes of the operations listener. */
export function createOpsRoutes(subject: OpsSubject): readonly OpsRoute[] {
  const { gateway, metrics, redact } = subject;
  return [
    { method: "GET", path: "/health", answer: () => ({ status: 200, body: { status: "ok", runtime: healthOf(subject) } }) },
    {
      method: "GET",
      path: "/ready",
      answer() {
        const reasons = reasonsNotReady(gateway.snapshot(), redact);
        return reasons.length === 0 ? { status: 200, body: { status: "ready" } } : { status: 503, body: { status: "not ready", reasons } };
      },
    },
    { method: "GET", path: "/metrics", answer: async () => ({ status: 200, body: await metrics.render(gateway.snapshot()), contentType: metrics.contentType }) },
    { method: "POST", path: "/v1/send", needsToken: true, maxBodyBytes: () => maxSendBytes(subject.maxFileBytes()), answer: ({ body }) => answerSend(body, subject) },
    { method: "POST", path: "/v1/inbox/*", needsToken: true, answer: ({ rest }) => handleLetter(rest, subject) },
  ];
}

/** How the daemon stands right now. */
export function healthOf({ gateway, agent, startedAt, clock, redact }: OpsSubject): RuntimeHealth {
  return describeHealth({ snapshot: gateway.snapshot(), agent, startedAt, now: clock.now(), redact });
}

async function handleLetter(rest: string, { gateway }: OpsSubject): Promise<OpsAnswer> {
  const [, seq, verb] = /^(\d{1,15})\/(replay|drop)$/.exec(rest) ?? [];
  if (seq === undefined) return { status: 404, body: { error: "not-found" } };
  const outcome = verb === "replay" ? await gateway.replay(Number(seq)) : (await gateway.drop(Number(seq))) ? "dropped" : "unknown";
  if (outcome === "unknown") return { status: 404, body: { ok: false, error: outcome } };
  return outcome === "no-channel" ? { status: 409, body: { ok: false, error: outcome } } : { status: 200, body: { ok: true } };
}
