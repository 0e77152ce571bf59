import type { Platform, PlatformContext } from "../platform.ts";
import type { RecordedExchange } from "../../record/record.ts";
import { readSwitches } from "../../control/switches.ts";
import { BEHAVIOUR, type MochatBehaviour } from "./behaviour.ts";
import { mochatControl } from "./control.ts";
import { mochatRoutes } from "./routes.ts";
import { createMochatState, type MochatSent, type MochatState, type TranscriptLine } from "./state.ts";

/** How the Mochat server starts. */
export interface MochatOptions {
  /** The token it accepts; default `sandbox-mochat-token`. */
  readonly token?: string;
}

/** One request to the receive endpoint, whatever became of it. */
export interface MochatPoll extends Pick<RecordedExchange, "seq" | "at" | "headers" | "inFlight" | "outcome"> {
  /** Decoded; `undefined` when there was none. */
  readonly sinceId: string | undefined;
  /** As it stood in the request line, with its question mark. */
  readonly query: string;
  /** `undefined` while there is no answer. */
  readonly status: number | undefined;
}

/** Drives the emulated Mochat server. */
export interface MochatControl {
  /** What a channel takes as `api_url`. */
  readonly url: string;
  /** The token that is accepted now. */
  readonly token: string;
  /** Accepts this token from now on, and no other. */
  acceptToken(token: string): void;
  /** Sets switches; those that are not given stay. @throws TypeError when one is unknown or its value impossible. */
  behave(switches: Partial<MochatBehaviour>): void;
  /**
   * Writes a message as a user.
   *
   * @param overrides - fields that are added to the message or replace its own; `undefined` takes one away.
   * @returns its id, empty when it has none.
   */
  say(userId: string, text: string, overrides?: Readonly<Record<string, unknown>>): string;
  /** Puts any element into the list of messages; a string is taken as JSON text. @throws SyntaxError when it is not JSON. */
  inject(element: unknown): void;
  /** What the bot sent, oldest first: the last 10,000. */
  readonly sent: readonly MochatSent[];
  /** Gives the next message to this user that no call has given yet. */
  nextReply(userId: string, signal?: AbortSignal): Promise<MochatSent>;
  /** The receive requests among the recorded exchanges, oldest first, also one that is under way. */
  readonly polls: readonly MochatPoll[];
  /** Gives the next poll that is over and that no call has given yet. */
  nextPoll(signal?: AbortSignal): Promise<MochatPoll>;
  /** The conversation with one user, oldest first. */
  transcript(userId: string): readonly TranscriptLine[];
}

const NAME = "mochat";

/** Sets up the Mochat emulator. */
export function mountMochat(context: PlatformContext, { token = "sandbox-mochat-token" }: MochatOptions = {}): Platform<MochatControl> {
  const state = createMochatState(context, token);
  return {
    name: NAME,
    app: mochatRoutes(state, context.url),
    control: mochatControl(state),
    api: createControl(context, state),
    get settings() {
      return { section: NAME, values: { api_url: context.url, api_token: state.token, poll_interval_secs: 1 } };
    },
    scenes: [{ user: "user-1" }, { user: "user-2" }],
    reset: () => state.reset(),
  };
}

function createControl({ url, record }: PlatformContext, state: MochatState): MochatControl {
  return {
    url,
    get token() {
      return state.token;
    },
    acceptToken: (token) => {
      state.token = token;
    },
    behave: (switches) => {
      state.behaviour = { ...state.behaviour, ...readSwitches(BEHAVIOUR, switches) };
    },
    say: (userId, text, overrides = {}) => state.say(userId, text, overrides),
    inject: (element) => state.inject(typeof element === "string" ? element : JSON.stringify(element)),
    get sent() {
      return state.sent.entries;
    },
    nextReply: (userId, signal) => state.sent.take((message) => message.userId === userId, signal),
    get polls() {
      return record.entries.filter(isPoll).map(toPoll);
    },
    nextPoll: async (signal) => toPoll(await record.take(isPoll, signal)),
    transcript: (userId) => state.transcript.entries.filter((line) => line.userId === userId),
  };
}

function isPoll(exchange: RecordedExchange): boolean {
  return exchange.platform === NAME && exchange.method === "GET" && exchange.path === "/api/message/receive";
}

function toPoll({ seq, at, headers, inFlight, outcome, query, answer }: RecordedExchange): MochatPoll {
  const sinceId = new URLSearchParams(query).get("since_id") ?? undefined;
  return { seq, at, headers, inFlight, outcome, query, sinceId, status: answer?.status };
}
