import type { Channel } from "@revka/core";
import { describeError } from "../describe-error.ts";
import { deliver, type Delivery } from "../delivery/deliver.ts";
import { planParts } from "../delivery/plan-parts.ts";
import { conversationKey } from "../inbox/conversation-key.ts";
import type { InboxEntry, StoredReply } from "../inbox/entry.ts";
import { persist } from "../inbox/persist.ts";
import { judgeEntry } from "../inbox/verdict.ts";
import { createPresence } from "../presence/create-presence.ts";
import type { Presence } from "../presence/presence.ts";
import type { Runtime } from "../runtime.ts";
import { collectAnswer } from "./collect-answer.ts";
import { endWithoutAnswer } from "./end-without-answer.ts";
import { bury, logFields, observe, settle, tell, type Turn } from "./turn.ts";
import { createTurnId } from "./turn-id.ts";
import type { TurnOutcome } from "./turn-outcome.ts";
import { prepareTurn } from "./prepare-turn.ts";
import { createTurnRequest, markersFor } from "./turn-request.ts";

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
  if (entry.reply === undefined) await answer(turn);
  else await post(turn, { reply: entry.reply });
}

/** Asks the agent and posts what it says; people see meanwhile that somebody is at it. */
async function answer(turn: Turn): Promise<void> {
  await using presence = createPresence(turn.channel, turn.entry.message, turn.runtime);
  const reply = await think(turn, presence);
  if (reply !== undefined) await post(turn, { reply, presence });
}

/** The stored answer; undefined when there is none and the turn is over. */
async function think(turn: Turn, presence: Presence): Promise<StoredReply | undefined> {
  const { entry, channel, runtime } = turn;
  const outcome = await ask(turn, presence);
  if (outcome.kind !== "answered") {
    await presence[Symbol.asyncDispose]();
    await endWithoutAnswer(turn, outcome);
    return undefined;
  }
  const hasMarkers = runtime.agent.outboundMarkers ?? false;
  const parts = planParts(outcome, { split: (text) => channel.split(text), hasMarkers, locale: entry.message.locale });
  await persist(() => runtime.inbox.storeReply(entry.seq, parts), runtime);
  observe(turn, "replied");
  return { parts, delivered: 0 };
}

/** Only here a turn counts against the agents that think at once: a platform that is down does not starve the others. */
async function ask(turn: Turn, presence: Presence): Promise<TurnOutcome> {
  const { entry, channel, turnId, runtime } = turn;
  using prepared = await prepareTurn(turn);
  using _permit = await runtime.thinking.take(runtime.draining);
  await persist(() => runtime.inbox.begin(entry.seq, turnId), runtime);
  observe(turn, "agent-started");
  const markers = runtime.agent.outboundMarkers === true ? markersFor(channel.capabilities.mediaOut) : [];
  const request = createTurnRequest(prepared, channel, { ...turn, attempt: entry.attempt + 1, markers });
  const onText = (text: string): void => presence.show(text);
  return await collectAnswer(request, { ...runtime, limits: runtime.settings, fileBytes: runtime.media.maxOutboundBytes, onText, signal: runtime.stopped });
}

async function post(turn: Turn, answer: Pick<Delivery, "reply" | "presence">): Promise<void> {
  const { runtime } = turn;
  try {
    await deliver({ ...turn, ...answer }, runtime);
  } catch (error) {
    runtime.stopped.throwIfAborted();
    const reason = describeError(error, runtime);
    runtime.logger.error({ ...logFields(turn), error: reason }, "An answer could not be sent; it is kept as a dead letter");
    await bury(turn, reason);
    return;
  }
  await settle(turn);
}
