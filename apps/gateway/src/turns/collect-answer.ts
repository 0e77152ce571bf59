import { excerpt, type Clock, type Logger } from "@revka/core";
import type { Agent, TurnEvent, TurnRequest } from "../agents/agent.ts";
import { createAnswer, type Answer } from "./answer.ts";
import type { TurnOutcome } from "./turn-outcome.ts";

/** What a turn may take. */
export interface TurnLimits {
  /** Between two events. */
  readonly idleTimeoutMs: number;
  readonly turnTimeoutMs: number;
}

/** What a turn runs with. */
export interface TurnSurroundings {
  readonly agent: Agent;
  readonly limits: TurnLimits;
  readonly clock: Clock;
  readonly logger: Logger;
  /** The largest file that may be sent. */
  readonly fileBytes?: number;
  /** Called with the words so far whenever they change before the end; it must not throw. */
  readonly onText?: (text: string) => void;
  /** The gateway gives up: its reason is thrown. */
  readonly signal: AbortSignal;
}

/**
 * Runs one turn and gathers what the agent says.
 *
 * Both time-outs share one timer that is set again only when it goes off, so an event costs no more than a reading of
 * the clock. An agent that ignores its signal is left behind: its turn ends all the same.
 * @throws the signal's reason, when the gateway aborts.
 */
export async function collectAnswer(request: TurnRequest, surroundings: TurnSurroundings): Promise<TurnOutcome> {
  const { agent, limits, clock, logger, fileBytes, onText, signal } = surroundings;
  const turn = new AbortController();
  const turnSignal = AbortSignal.any([signal, turn.signal]);
  const beganAt = clock.monotonic();
  let heardAt = beganAt;

  async function listen(): Promise<TurnOutcome> {
    const answer = createAnswer(fileBytes);
    for await (const event of agent.turn(request, turnSignal)) {
      if (turnSignal.aborted) break;
      heardAt = clock.monotonic();
      note(event, request.turnId, logger);
      const end = endOf(event, answer);
      if (end !== undefined) return end;
      if (event.kind === "delta") onText?.(answer.text);
    }
    return answer.outcome();
  }

  async function watch(): Promise<TurnOutcome> {
    for (;;) {
      const now = clock.monotonic();
      const idleLeftMs = heardAt + limits.idleTimeoutMs - now;
      const turnLeftMs = beganAt + limits.turnTimeoutMs - now;
      const leftMs = Math.min(idleLeftMs, turnLeftMs);
      if (leftMs <= 0) return { kind: "timed-out", limit: turnLeftMs <= 0 ? "turn" : "idle", afterMs: now - beganAt };
      await clock.sleep(leftMs, turnSignal);
    }
  }

  try {
    const failed = (error: unknown): TurnOutcome => ({ kind: "failed", error });
    const outcome = await Promise.race([listen().catch(failed), watch()]);
    signal.throwIfAborted();
    return outcome;
  } finally {
    turn.abort();
  }
}

/** Adds an event to the answer; gives the outcome when it is the last. */
function endOf(event: TurnEvent, answer: Answer): TurnOutcome | undefined {
  switch (event.kind) {
    case "delta":
      answer.append(event.text);
      return undefined;
    case "clear":
      answer.clear();
      return undefined;
    case "attachment":
      answer.attach({ kind: event.media, target: event.target, ...(event.name !== undefined && { name: event.name }) });
      return undefined;
    case "progress":
      return undefined;
    case "done":
      if (event.text !== undefined) answer.replace(event.text);
      return answer.outcome();
    case "error": {
      const { message, ...rest } = event;
      return { ...rest, kind: "failed", error: message };
    }
  }
}

function note(event: TurnEvent, turnId: string, logger: Logger): void {
  if (event.kind === "progress") logger.debug({ turn_id: turnId, progress: excerpt(event.text) }, "The agent is at work");
}
