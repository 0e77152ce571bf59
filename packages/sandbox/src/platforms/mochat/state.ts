import { createHash, timingSafeEqual } from "node:crypto";
import { setBounded } from "../../record/bounded-map.ts";
import { createLog, type Log } from "../../record/log.ts";
import type { PlatformContext } from "../platform.ts";
import { DEFAULT_BEHAVIOUR, type MochatBehaviour } from "./behaviour.ts";
import { elementOf, idJson, parseElement } from "./element.ts";
import { LIMITS } from "./limits.ts";
import { createRetained, type RetainedPage } from "./retained.ts";
import { acceptsSend, renderSent, type SendRequest } from "./wire.ts";

/** A message that the bot sent to a user. */
export interface MochatSent {
  /** Counts from 1 and is never used twice, so it serves as a cursor. */
  readonly seq: number;
  readonly messageId: string;
  readonly userId: string;
  readonly text: string;
  /** Arrival, epoch ms. */
  readonly at: number;
  /** Of the request; names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
}

/** One line of a conversation. */
export interface TranscriptLine {
  readonly seq: number;
  readonly userId: string;
  readonly from: "user" | "bot";
  readonly text: string;
  readonly at: number;
}

/** What the emulated server remembers. */
export interface MochatState {
  behaviour: MochatBehaviour;
  token: string;
  readonly sent: Log<MochatSent>;
  readonly transcript: Log<TranscriptLine>;
  hasToken(authorization: string): boolean;
  say(userId: string, text: string, overrides: Readonly<Record<string, unknown>>): string;
  inject(json: string): void;
  page(sinceId: string | undefined): RetainedPage | number;
  /** Delivers a message and gives the answer's JSON. */
  send(request: SendRequest, headers: Readonly<Record<string, string>>): string;
  reset(): void;
}

interface RememberedSend {
  readonly at: number;
  readonly answer: string;
}

/** Creates the state of a fresh server that accepts `token`. */
export function createMochatState(context: PlatformContext, token: string): MochatState {
  const { now, closing } = context;
  const retained = createRetained();
  const remembered = new Map<string, RememberedSend>();
  const transcript = createLog<TranscriptLine>(LIMITS.keptCount, closing);
  const sent = createLog<MochatSent>(LIMITS.keptCount, closing);
  let messageCount = 0;

  function note(line: Omit<TranscriptLine, "seq" | "at">): void {
    transcript.append((seq) => ({ seq, ...line, at: now() }));
  }

  function recall(key: string): string | undefined {
    const first = remembered.get(key);
    return first !== undefined && now() - first.at < LIMITS.idempotencyMs ? first.answer : undefined;
  }

  function deliver({ userId, text }: SendRequest, headers: Readonly<Record<string, string>>): string {
    const { messageId } = sent.append((seq) => ({ seq, messageId: `s-${seq}`, userId, text, at: now(), headers }));
    note({ userId, from: "bot", text });
    return renderSent(messageId, state.behaviour);
  }

  const state: MochatState = {
    behaviour: DEFAULT_BEHAVIOUR,
    token,
    sent,
    transcript,
    hasToken: (authorization) => timingSafeEqual(sha256(authorization), sha256(`Bearer ${state.token}`)),
    say: (userId, text, overrides) => {
      messageCount += 1;
      const fields = { fromUserId: userId, msgType: "text", content: { text }, timestamp: Math.floor(now() / 1000) };
      const element = elementOf(idJson(state.behaviour.ids, messageCount), { ...fields, ...overrides });
      retained.add(element, state.behaviour.retention);
      note({ userId, from: "user", text });
      return element.id ?? "";
    },
    inject: (json) => retained.add(parseElement(json), state.behaviour.retention),
    page: (sinceId) => retained.page(sinceId, state.behaviour),
    send: (request, headers) => {
      if (!acceptsSend(state.behaviour.sendCode)) return renderSent("", state.behaviour);
      const key = state.behaviour.idempotency ? headers["idempotency-key"] : undefined;
      if (key === undefined) return deliver(request, headers);
      const first = recall(key);
      if (first !== undefined) return first;
      const answer = deliver(request, headers);
      remembered.delete(key);
      setBounded(remembered, [key, { at: now(), answer }], LIMITS.idempotencyCount);
      return answer;
    },
    reset: () => {
      state.behaviour = DEFAULT_BEHAVIOUR;
      state.token = token;
      messageCount = 0;
      retained.clear();
      remembered.clear();
      transcript.clear();
      sent.clear();
    },
  };
  return state;
}

function sha256(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
