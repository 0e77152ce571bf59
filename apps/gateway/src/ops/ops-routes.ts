import { randomUUID } from "node:crypto";
import { isChannelError, type Clock } from "@revka/core";
import * as v from "valibot";
import type { Gateway } from "../gateway-options.ts";
import { describeHealth, reasonsNotReady, type RuntimeHealth } from "./health.ts";
import type { OpsAnswer, OpsRequest, OpsRoute } from "./http-listener.ts";
import type { Metrics } from "./metrics.ts";
import { isAuthorized } from "./ops-token.ts";

/** What the routes tell of, and act on. */
export interface OpsSubject {
  readonly gateway: Gateway;
  readonly metrics: Metrics;
  readonly agent: string;
  readonly token: string;
  readonly clock: Clock;
  /** Epoch ms. */
  readonly startedAt: number;
  readonly redact: (text: string) => string;
}

const sendRequest = v.pipe(v.string(), v.parseJson(), v.object({
  channel: v.pipe(v.string(), v.minLength(1)),
  recipient: v.optional(v.string(), ""),
  text: v.pipe(v.string(), v.minLength(1), v.maxLength(100_000)),
  format: v.optional(v.picklist(["markdown", "text"]), "markdown"),
  idempotency_key: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(200))),
}));

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
    { method: "POST", path: "/v1/send", answer: (request) => authorized(request, subject, () => send(request.body, subject)) },
    { method: "POST", path: "/v1/inbox/*", answer: (request) => authorized(request, subject, () => handleLetter(request.rest, subject)) },
  ];
}

/** How the daemon stands right now. */
export function healthOf({ gateway, agent, startedAt, clock, redact }: OpsSubject): RuntimeHealth {
  return describeHealth({ snapshot: gateway.snapshot(), agent, startedAt, now: clock.now(), redact });
}

async function authorized({ headers }: OpsRequest, { token }: OpsSubject, act: () => Promise<OpsAnswer>): Promise<OpsAnswer> {
  return isAuthorized(headers.authorization, token) ? act() : { status: 401, body: { error: "unauthorized" } };
}

async function send(body: string, { gateway, redact }: OpsSubject): Promise<OpsAnswer> {
  const request = v.safeParse(sendRequest, body);
  if (!request.success) return { status: 400, body: { error: "bad-request", message: v.summarize(request.issues) } };
  const { channel: name, recipient, text, format, idempotency_key: idempotencyKey = randomUUID() } = request.output;
  const channel = gateway.channels.find((candidate) => candidate.name === name);
  if (channel === undefined) return { status: 404, body: { error: "unknown-channel", message: `This gateway runs no channel "${name}"` } };
  try {
    const receipt = await channel.send({ target: { conversationId: recipient }, text, format, idempotencyKey });
    return { status: 200, body: { ok: true, ...receipt } };
  } catch (error) {
    if (!isChannelError(error)) throw error;
    const status = error.code === "rate-limit" ? 429 : error.code === "no-route" ? 409 : error.code === "too-large" ? 413 : 502;
    return { status, body: { ok: false, error: error.code, message: redact(error.message) } };
  }
}

async function handleLetter(rest: string, { gateway }: OpsSubject): Promise<OpsAnswer> {
  const [, seq, verb] = /^(\d{1,15})\/(replay|drop)$/.exec(rest) ?? [];
  if (seq === undefined) return { status: 404, body: { error: "not-found" } };
  const outcome = verb === "replay" ? await gateway.replay(Number(seq)) : (await gateway.drop(Number(seq))) ? "dropped" : "unknown";
  if (outcome === "unknown") return { status: 404, body: { ok: false, error: outcome } };
  return outcome === "no-channel" ? { status: 409, body: { ok: false, error: outcome } } : { status: 200, body: { ok: true } };
}
