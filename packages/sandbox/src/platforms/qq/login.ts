import type { LiveConnection } from "./connections.ts";
import { KNOWN_INTENTS } from "./events.ts";
import type { QqState } from "./state.ts";
import { bearerOf, type ClientFrame, OPCODE, renderFrame } from "./wire.ts";

/** Close codes of a gateway that says no ("event-emit/websocket"). */
const CLOSE = { badToken: 4004, alreadyThere: 4005, badSession: 4006, badSequence: 4007, badShard: 4010, badIntents: 4013, forbiddenIntents: 4014 } as const;

/** How an Identify or a Resume ended: with READY, with RESUMED, with op 9, or with a close code. */
export type QqLoginOutcome = "ready" | "resumed" | "invalid-session" | number;

/** An Identify or a Resume. */
export interface QqLogin {
  readonly seq: number;
  /** Counts everything that the platform saw, so that a smaller one came first. */
  readonly order: number;
  /** Epoch ms. */
  readonly at: number;
  /** Id of the connection. */
  readonly connection: number;
  readonly kind: "identify" | "resume";
  readonly outcome: QqLoginOutcome;
  /** As the client wrote it. */
  readonly token: string;
  /** Of an Identify. */
  readonly intents?: number;
  readonly shard?: readonly [number, number];
  readonly properties?: Readonly<Record<string, unknown>>;
  /** The session that was begun, or that was to be resumed. */
  readonly session?: string;
  /** Of a Resume: the last number that the client had. */
  readonly s?: number;
}

type LoginFrame = Extract<ClientFrame, { readonly kind: "identify" | "resume" }>;

/** Answers an Identify or a Resume, and writes down how it ended. */
export function login(state: QqState, connection: LiveConnection, frame: LoginFrame): void {
  const outcome = connection.session === undefined ? answer(state, connection, frame) : CLOSE.alreadyThere;
  const session = frame.kind === "resume" ? frame.sessionId : connection.session;
  state.logins.append((seq) => ({
    seq, order: state.nextOrder(), at: state.now(), connection: connection.id, kind: frame.kind, outcome, token: frame.token,
    ...(frame.kind === "resume" ? { s: frame.s } : { intents: frame.intents }),
    ...(frame.kind === "identify" && frame.shard !== undefined ? { shard: frame.shard } : {}),
    ...(frame.kind === "identify" && frame.properties !== undefined ? { properties: frame.properties } : {}),
    ...(session === undefined ? {} : { session }),
  }));
  if (typeof outcome === "number") connection.close(outcome);
  if (outcome === "invalid-session") connection.line.send("invalid-session", renderFrame(OPCODE.invalidSession, false));
}

function answer(state: QqState, connection: LiveConnection, frame: LoginFrame): QqLoginOutcome {
  const bare = frame.kind === "resume" ? frame.token : undefined; // the documents show one there, most clients send the other
  const isGood = [bearerOf(frame.token), bare].some((token) => token !== undefined && state.tokens.isGood(token));
  if (state.behaviour.checksTokens && !isGood) return CLOSE.badToken;
  return frame.kind === "identify" ? identify(state, connection, frame) : resume(state, connection, frame);
}

function identify(state: QqState, connection: LiveConnection, { intents, shard = [0, 1] }: Extract<LoginFrame, { kind: "identify" }>): QqLoginOutcome {
  const [index, count] = shard;
  if (index < 0 || index >= count) return CLOSE.badShard;
  if (intents < 0 || intents > KNOWN_INTENTS || (intents & ~KNOWN_INTENTS) !== 0) return CLOSE.badIntents;
  if ((intents & ~state.behaviour.grantedIntents) !== 0) return CLOSE.forbiddenIntents;
  const session = state.sessions.start({ intents, shard }, connection);
  state.starts.count();
  const user = { id: state.credentials.botId, username: "revka", bot: true, status: 1 };
  state.sessions.tell(session, { t: "READY", d: { version: 1, session_id: session.id, user, shard } });
  return "ready";
}

function resume(state: QqState, connection: LiveConnection, { sessionId, s }: Extract<LoginFrame, { kind: "resume" }>): QqLoginOutcome {
  const { refusesResumeBy, resumedAs } = state.behaviour;
  const session = state.sessions.findResumable(sessionId);
  if (session === undefined) return refusesResumeBy === "close" ? CLOSE.badSession : "invalid-session";
  if (s < 0 || s > session.s) return CLOSE.badSequence;
  state.sessions.carry(session, connection);
  state.sessions.replay(session, s);
  state.sessions.tell(session, { t: "RESUMED", d: { text: "", object: {}, missing: undefined }[resumedAs] });
  return "resumed";
}
