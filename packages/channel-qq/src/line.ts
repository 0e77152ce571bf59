import { TransientError, type ChannelContext, type Clock, type EndReason, type Socket, type TokenSource } from "@revka/core";
import { RESUME, verdictOf, type Verdict } from "./close-codes.ts";
import { createDispatches, type Deal } from "./dispatches.ts";
import { LIMITS } from "./limits.ts";
import type { IsNews } from "./mentions.ts";
import { createPerform } from "./perform.ts";
import type { Reconnects } from "./reconnects.ts";
import type { Resume } from "./resume.ts";
import { createSpeech, type Connection } from "./speech.ts";
import { opened, step } from "./stream.ts";
import { decodeFrame } from "./wire.ts";

/** A connection to the gateway in use. */
export interface Line extends AsyncDisposable {
  /** Resolves when a session stands on it; rejects when it ends before. */
  readonly ready: Promise<undefined>;
  /** Resolves with why it is over. */
  readonly ended: Promise<EndReason>;
}

/** What using a connection needs. */
export interface LineMeans {
  readonly context: ChannelContext;
  readonly tokens: Pick<TokenSource, "invalidate">;
  readonly resume: Resume;
  readonly reconnects: Pick<Reconnects, "settled" | "judge">;
  readonly isNews: IsNews;
  readonly deal: Deal;
}

/** What we close with: the codes below 4000 might end the session as well. */
const GOODBYE = 4_000;

/**
 * Speaks the gateway's protocol on a connection. It never waits for the host: heartbeats go out however busy that is.
 *
 * When the connection is over, it has dropped what is no longer good (session, token) and told `reconnects` what comes next.
 */
export function startLine(connection: Connection, means: LineMeans): Line {
  const { context, resume, reconnects, isNews, deal } = means;
  const { socket, signal } = connection;
  const ready = Promise.withResolvers<undefined>();
  const over = new AbortController();
  let state = opened(resume.session !== undefined);
  let verdict: Verdict | undefined;
  const expectSoon = createWatch(socket, context.clock, over.signal);

  function end(given: Verdict): void {
    verdict ??= given;
    void socket.close(GOODBYE);
  }
  const perform = createPerform({
    context,
    isNews,
    speech: createSpeech(connection, { context, resume, over: over.signal }),
    dispatches: createDispatches(resume, deal),
    onAlive: () => resume.touch(),
    onSettled() {
      reconnects.settled();
      ready.resolve(undefined);
    },
    end,
  });

  async function run(): Promise<EndReason> {
    for await (const bytes of socket.frames) {
      if (verdict !== undefined) continue;
      const { phase } = state;
      const next = step(state, decodeFrame(bytes));
      state = next.state;
      next.effects.forEach(perform);
      if (phase === "greeting" && state.phase !== phase) expectSoon("session", LIMITS.readyTimeoutMs, () => state.phase === "ready");
    }
    const closed = await socket.closed;
    over.abort();
    signal.removeEventListener("abort", onAbort);
    const judged = verdict ?? verdictOf(closed.code, state.phase === "resuming");
    applyVerdict(judged, connection.token, means);
    const reason = reasonOf(closed, judged);
    ready.reject(new TransientError(`the gateway closed with code ${closed.code}${reason === "" ? "" : `: ${reason}`}`, { channel: context.instance, closeCode: closed.code }));
    return { ...closed, reason };
  }

  const onAbort = (): void => end(RESUME);
  signal.addEventListener("abort", onAbort);
  if (signal.aborted) onAbort();
  // Who waits for it is told; it is no accident that nobody does.
  ready.promise.catch(() => undefined);
  expectSoon("Hello", LIMITS.helloTimeoutMs, () => state.phase !== "greeting");
  const ended = run();
  ended.catch((error: unknown) => ready.reject(error));
  return {
    ready: ready.promise,
    ended,
    async [Symbol.asyncDispose]() {
      end(RESUME);
      await ended;
    },
  };
}

/** Why a connection ended; with what an operator should know, where the bot is only looked after now and then. Of one that is left alone `receive` tells. */
function reasonOf({ reason }: EndReason, { next, advice = "" }: Verdict): string {
  return [reason, next === "probe" ? advice : ""].filter((text) => text !== "").join("; ");
}

function applyVerdict(verdict: Verdict, token: string, { resume, tokens, reconnects }: LineMeans): void {
  if (verdict.session === "drop") resume.drop();
  if (verdict.token === "drop") tokens.invalidate(token);
  reconnects.judge(verdict);
}

/** Ends a connection on which something has not come in time. */
function createWatch(socket: Socket, clock: Clock, over: AbortSignal): (what: string, withinMs: number, hasCome: () => boolean) => void {
  return (what, withinMs, hasCome) => {
    const onTime = (): void => {
      if (!hasCome()) socket.terminate(`no ${what} within ${withinMs / 1000} s`);
    };
    clock.sleep(withinMs, over).then(onTime, () => undefined);
  };
}
