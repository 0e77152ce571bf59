import type { Channel } from "@revka/core";
import { describeError } from "../describe-error.ts";
import { deliver } from "../delivery/deliver.ts";
import { planParts } from "../delivery/plan-parts.ts";
import { conversationKey } from "../inbox/conversation-key.ts";
import type { InboxEntry, StoredReply } from "../inbox/entry.ts";
import { persist } from "../inbox/persist.ts";
import { judgeEntry } from "../inbox/verdict.ts";
import type { Runtime } from "../runtime.ts";
import { collectAnswer } from "./collect-answer.ts";
import { endWithoutAnswer } from "./end-without-answer.ts";
import { bury, logFields, observe, settle, tell, type Turn } from "./turn.ts";
import { createTurnId } from "./turn-id.ts";
import type { TurnOutcome } from "./turn-outcome.ts";
import { createTurnRequest } from "./turn-request.ts";

/**
 * Takes an accepted message the rest of its way: agent, stored answer, delivery, end. Goes on where an earlier process
 * was interrupted. Never rejects; a row that a stop cuts short stays as it is, for the next start.
 */
export async function handleEntry(entry: InboxEntry, channel: Channel, runtime: Runtime): Promise<void> {
  const { settings, clock, logger, draining, stopped } = runtime;
  const key = conversationKey(entry.message, settings.conversationScope);
  const turn = { entry, channel, runtime, turnId: entry.turnId ?? createTurnId(clock.now()), conversationKey: key };
  try {
    await takeTurn(turn);
  } catch (error) {
    if (stopped.aborted || error === draining.reason) return;
    const reason = describeError(error, runtime);
    logger.error({ ...logFields(turn), stack: error instanceof Error ? runtime.redact(error.stack ?? "") : "" }, `Channel message worker crashed: ${reason}`);
    await bury(turn, reason).catch(() => undefined); // the row stays as it is then, and the next start sees to it
  }
}

async function takeTurn(turn: Turn): Promise<void> {
  const { entry, runtime } = turn;
  const verdict = judgeEntry(entry, runtime.settings, runtime.clock.now());
  if (verdict !== "go") {
    runtime.logger.warn({ ...logFields(turn), reason: verdict.reason }, "A message is given up");
    if (verdict.tellUser) await tell(turn, { notice: "interrupted", throttleKey: turn.conversationKey });
    await bury(turn, verdict.reason);
    return;
  }
  const reply = entry.reply ?? (await think(turn));
  if (reply !== undefined) await post(turn, reply);
}

/** The stored answer; undefined when there is none and the turn is over. */
async function think(turn: Turn): Promise<StoredReply | undefined> {
  const { entry, channel, runtime } = turn;
  const outcome = await ask(turn);
  if (outcome.kind !== "answered") {
    await endWithoutAnswer(turn, outcome);
    return undefined;
  }
  const parts = planParts(outcome.text, (text) => channel.split(text), entry.message.locale);
  await persist(() => runtime.inbox.storeReply(entry.seq, parts), runtime);
  observe(turn, "replied");
  return { parts, delivered: 0 };
}

/** Only here a turn counts against the agents that think at once: a platform that is down does not starve the others. */
async function ask(turn: Turn): Promise<TurnOutcome> {
  const { entry, channel, turnId, runtime } = turn;
  using _permit = await runtime.thinking.take(runtime.draining);
  await persist(() => runtime.inbox.begin(entry.seq, turnId), runtime);
  observe(turn, "agent-started");
  const request = createTurnRequest(entry, channel, { ...turn, attempt: entry.attempt + 1 });
  return await collectAnswer(request, { ...runtime, limits: runtime.settings, signal: runtime.stopped });
}

async function post(turn: Turn, reply: StoredReply): Promise<void> {
  const { runtime } = turn;
  try {
    await deliver({ ...turn, reply }, runtime);
  } catch (error) {
    runtime.stopped.throwIfAborted();
    const reason = describeError(error, runtime);
    runtime.logger.error({ ...logFields(turn), error: reason }, "An answer could not be sent; it is kept as a dead letter");
    await bury(turn, reason);
    return;
  }
  await settle(turn);
}
