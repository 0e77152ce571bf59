import { Hono, type HonoRequest } from "hono";
import { type OldRefusal, refuse } from "./refusal.ts";
import type { DingtalkState } from "./state.ts";
import { readWebhookMessage } from "./webhook-message.ts";

/** Where session webhooks lead. */
export const WEBHOOK_PATH = "/robot/sendBySession";

/** Session webhooks. */
export function webhookRoutes(state: DingtalkState): Hono {
  const app = new Hono();
  app.post(WEBHOOK_PATH, async (c) => c.json((await post(state, c.req)) ?? { errcode: 0, errmsg: "ok" }));
  app.all(WEBHOOK_PATH, (c) => c.json(refuse(43004, "不支持的请求方法"), 405));
  return app;
}

async function post(state: DingtalkState, request: HonoRequest): Promise<OldRefusal | undefined> {
  const session = state.sessions.find(request.query("session") ?? "");
  if (session === undefined) return refuse(300001);
  const errcode = state.errcodes.shift();
  if (errcode !== undefined) return refuse(errcode);
  if (!(request.header("content-type") ?? "").startsWith("application/json")) return refuse(43004);
  const body = await request.text();
  const bytes = Buffer.byteLength(body);
  const { bodyBytes, messagesPerMinute } = state.behaviour;
  if (bytes > bodyBytes) return refuse(460101, `message too long, exceed ${bodyBytes} bytes`);
  const message = readWebhookMessage(body);
  if ("errcode" in message) return message;
  if (!state.posts.admit(session.token, messagesPerMinute)) return refuse(130101, `send too fast, exceed ${messagesPerMinute} times per minute`);
  state.sent.append((seq) => ({ seq, order: state.nextOrder(), at: state.now(), via: "webhook", ...session.place, ...message, bytes }));
  return undefined;
}
