import { randomUUID } from "node:crypto";
import * as v from "valibot";
import { createLog, type Log } from "../../record/log.ts";
import type { Agenda } from "../../server/agenda.ts";
import { isLoopback } from "../../server/loopback.ts";
import type { LarkBehaviour } from "./behaviour.ts";
import { LIMITS } from "./limits.ts";
import type { LarkCredentials } from "./credentials.ts";
import { type LarkTwist, renderRequest } from "./webhook-request.ts";

/** How much of an answer is kept. */
const KEPT_ANSWER_CHARS = 16 * 1024;

/** What the platform posted to the bot's webhook, and what came back. */
export interface LarkPost {
  readonly seq: number;
  /** Counts everything that the platform saw, so that a smaller one came first: here the answer. */
  readonly order: number;
  /** Epoch ms. */
  readonly at: number;
  readonly url: string;
  readonly kind: "challenge" | "event";
  /** Of the event what `say`, `click` or `push` gave; empty for a challenge. */
  readonly id: string;
  /** From 1. */
  readonly attempt: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** HTTP status of the answer; absent when none came in time. */
  readonly status?: number;
  /** The answer's body, parsed where it is JSON. */
  readonly answer?: unknown;
  /** Why there was none. */
  readonly error?: string;
  /** Whether that is what the platform wants to see: 200, and of a challenge the challenge. */
  readonly isAccepted: boolean;
}

/** What the webhook stands on. */
export interface WebhookContext {
  readonly now: () => number;
  readonly agenda: Agenda;
  readonly closing: AbortSignal;
  readonly behaviour: () => LarkBehaviour;
  readonly credentials: () => LarkCredentials;
  readonly nextOrder: () => number;
}

/** An event on its way to the webhook. */
export interface EventPosting extends Pick<LarkPost, "id" | "attempt"> {
  /** Called with what the bot gave back if that is as it must be, before anybody sees the post in the log. */
  readonly onAccepted?: (answer: unknown) => void;
}

/** The bot's request URL, as the platform's console knows it. */
export interface Webhook {
  /** Where events go; `undefined` while they take the long connection. */
  readonly url: string | undefined;
  readonly log: Log<LarkPost>;
  /** Posts the challenge, and from then on events, if that is answered well. @throws TypeError for a URL that is not on this machine. */
  verify(url: string): Promise<LarkPost>;
  /** Posts an event. @throws RangeError while there is no URL. */
  post(text: string, posting: EventPosting, twist?: LarkTwist): Promise<LarkPost>;
  clear(): void;
}

const CHALLENGE_ANSWER = v.object({ challenge: v.string() });

/** Creates a {@link Webhook} without a URL. */
export function createWebhook({ now, agenda, closing, behaviour, credentials, nextOrder }: WebhookContext): Webhook {
  const log = createLog<LarkPost>(LIMITS.keptCount, closing);
  let verified: string | undefined;

  async function post(url: string, { text, windowMs, twist, isAnswer, onAccepted, ...of }: Posting): Promise<LarkPost> {
    const at = now();
    const request = renderRequest(text, { kind: of.kind, at, credentials: credentials(), ...twist });
    const late = new AbortController();
    const stopClock = agenda.at(at + windowMs, () => late.abort(`no answer within ${windowMs} ms`));
    const outcome = await call(url, request, AbortSignal.any([late.signal, closing]));
    stopClock();
    const isAccepted = outcome.status === 200 && isAnswer(outcome.answer);
    if (isAccepted) onAccepted?.(outcome.answer);
    return log.append((seq) => ({ seq, order: nextOrder(), at, url, ...of, ...request, ...outcome, isAccepted }));
  }

  return {
    get url() {
      return verified;
    },
    log,
    verify: async (url) => {
      if (!/^https?:/.test(url) || !isLoopback(url)) throw new TypeError(`the sandbox posts only to this machine, not to ${url}`);
      const challenge = randomUUID();
      const text = JSON.stringify({ challenge, token: credentials().verificationToken, type: "url_verification" });
      const isAnswer = (answer: unknown): boolean => v.is(CHALLENGE_ANSWER, answer) && answer.challenge === challenge;
      const onAccepted = (): void => {
        verified = url;
      };
      return post(url, { kind: "challenge", id: "", attempt: 1, text, windowMs: behaviour().challengeWindowMs, isAnswer, onAccepted });
    },
    post: async (text, posting, twist = {}) => {
      if (verified === undefined) throw new RangeError("no webhook has passed its challenge");
      return post(verified, { ...posting, kind: "event", text, windowMs: behaviour().ackWindowMs, twist, isAnswer: () => true });
    },
    clear: () => {
      verified = undefined;
      log.clear();
    },
  };
}

interface Posting extends EventPosting, Pick<LarkPost, "kind"> {
  readonly text: string;
  readonly windowMs: number;
  readonly twist?: LarkTwist;
  readonly isAnswer: (answer: unknown) => boolean;
}

async function call(url: string, { headers, body }: Pick<LarkPost, "headers" | "body">, signal: AbortSignal): Promise<Pick<LarkPost, "status" | "answer" | "error">> {
  try {
    const response = await fetch(url, { method: "POST", headers, body, redirect: "manual", signal });
    return { status: response.status, answer: readAnswer(await readStart(response)) };
  } catch (error) {
    return { error: signal.aborted ? String(signal.reason) : String(error instanceof Error ? (error.cause ?? error) : error) };
  }
}

async function readStart(response: Response): Promise<string> {
  let text = "";
  for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += chunk;
    if (text.length > KEPT_ANSWER_CHARS) break;
  }
  return text.slice(0, KEPT_ANSWER_CHARS);
}

function readAnswer(text: string): unknown {
  const result = v.safeParse(v.pipe(v.string(), v.parseJson()), text);
  return result.success ? result.output : text;
}
