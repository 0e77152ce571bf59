import type { Channel } from "@revka/core";
import { deliver } from "../delivery/deliver.ts";
import { planParts } from "../delivery/plan-parts.ts";
import { conversationKey } from "../inbox/conversation-key.ts";
import type { InboxEntry, StoredReply } from "../inbox/entry.ts";
import { persist } from "../inbox/persist.ts";
import { judgeEntry } from "../inbox/verdict.ts";
import type { Notice } from "../notices.ts";
import type { GatewayStep } from "../observer.ts";
import { describeError, type Runtime } from "../runtime.ts";
import { collectAnswer } from "./collect-answer.ts";
import { createTurnId } from "./turn-id.ts";
import type { TurnOutcome } from "./turn-outcome.ts";
import { createTurnRequest } from "./turn-request.ts";

/** One message's turn: what the steps hand to each other. */
interface Turn {
  readonly entry: InboxEntry;
  readonly channel: Channel;
  readonly turnId: string;
  readonly conversationKey: string;
}

/**
 * Takes an accepted message the rest of its way: agent, stored answer, delivery, end. Goes on where an earlier process
 * was interrupted. Never rejects; a row that a stop cuts short stays as it is, for the next start.
 */
export async function handleEntry(entry: InboxEntry, channel: Channel, runtime: Runtime): Promise<void> {
  const turnId = entry.turnId ?? createTurnId(runtime.clock.now());
  const turn = { entry, channel, turnId, conversationKey: conversationKey(entry.message, runtime.settings.conversationScope) };
  try {
    await takeTurn(turn, runtime);
  } catch (error) {
    if (runtime.stopped.aborted || error === runtime.draining.reason) return;
    const reason = describeError(error, runtime);
    runtime.logger.error({ ...logFields(turn), error }, `Channel message worker crashed: ${reason}`);
    await bury(turn, reason, runtime).catch(() => undefined); // it stays as it is then, and the next start sees to it
  }
}

async function takeTurn(turn: Turn, runtime: Runtime): Promise<void> {
  const { entry } = turn;
  const verdict = judgeEntry(entry, runtime.settings, runtime.clock.now());
  if (verdict !== "go") {
    runtime.logger.warn({ ...logFields(turn), reason: verdict.reason }, "A message is given up");
    if (verdict.tellUser) await tell(turn, "interrupted", runtime);
    await bury(turn, verdict.reason, runtime);
    return;
  }
  const reply = entry.reply ?? (await think(turn, runtime));
  if (reply === undefined) return;
  try {
    await deliver({ ...turn, reply }, runtime);
  } catch (error) {
    runtime.stopped.throwIfAborted();
    const reason = describeError(error, runtime);
    runtime.logger.error({ ...logFields(turn), error: reason }, "An answer could not be sent; it is kept as a dead letter");
    await bury(turn, reason, runtime);
    return;
  }
  await settle(turn, runtime);
}

/** The stored answer; undefined when there is none and the turn is over. */
async function think(turn: Turn, runtime: Runtime): Promise<StoredReply | undefined> {
  const { entry, channel } = turn;
  const outcome = await ask(turn, runtime);
  if (outcome.kind === "answered") {
    const parts = planParts(outcome.text, (text) => channel.split(text), entry.message.locale);
    await persist(() => runtime.inbox.storeReply(entry.seq, parts), runtime);
    observe("replied", turn, runtime);
    return { parts, delivered: 0 };
  }
  await endWithoutAnswer(outcome, turn, runtime);
  return undefined;
}

/** Only here a turn counts against the agents that think at once: a platform that is down does not starve the others. */
async function ask(turn: Turn, runtime: Runtime): Promise<TurnOutcome> {
  const { entry, channel, turnId } = turn;
  using _permit = await runtime.thinking.take(runtime.draining);
  await persist(() => runtime.inbox.begin(entry.seq, turnId), runtime);
  observe("agent-started", turn, runtime);
  const request = createTurnRequest(entry, channel, { ...turn, attempt: entry.attempt + 1 });
  return collectAnswer(request, { ...runtime, limits: runtime.settings, signal: runtime.stopped });
}

async function endWithoutAnswer(outcome: Exclude<TurnOutcome, { kind: "answered" }>, turn: Turn, runtime: Runtime): Promise<void> {
  switch (outcome.kind) {
    case "empty":
      runtime.logger.warn(logFields(turn), "The agent gave no answer");
      await settle(turn, runtime);
      return;
    case "timed-out":
      runtime.logger.error({ ...logFields(turn), limit: outcome.limit, duration_ms: outcome.afterMs }, "The agent took too long");
      await tell(turn, "timed-out", runtime);
      await bury(turn, "timed out", runtime);
      return;
    case "failed": {
      const reason = describeError(outcome.error, runtime);
      runtime.logger.error({ ...logFields(turn), error: reason, retryable: outcome.isRetryable }, "The agent failed");
      await tell(turn, "failed", runtime, outcome.userText);
      await bury(turn, reason, runtime);
    }
  }
}

async function tell({ channel, entry, turnId, conversationKey: key }: Turn, notice: Notice, runtime: Runtime, text?: string): Promise<void> {
  await runtime.notifier.tell({
    channel,
    message: entry.message,
    notice,
    ...(notice === "failed" && { ref: turnId }),
    ...(notice === "interrupted" && { throttleKey: key }),
    ...(text !== undefined && { text }),
  });
}

async function settle(turn: Turn, runtime: Runtime): Promise<void> {
  await persist(() => runtime.inbox.settle(turn.entry.seq, runtime.clock.now()), runtime);
  observe("settled", turn, runtime);
}

async function bury(turn: Turn, reason: string, runtime: Runtime): Promise<void> {
  await persist(() => runtime.inbox.bury(turn.entry.seq, runtime.clock.now(), reason), runtime);
  observe("dead", turn, runtime, reason);
}

function observe(step: GatewayStep, { entry, channel, turnId }: Turn, runtime: Runtime, reason?: string): void {
  runtime.observe({ step, channel: channel.name, messageId: entry.message.id, turnId, ...(reason !== undefined && { reason }) });
}

function logFields({ entry, channel, turnId, conversationKey: conversation }: Turn): Readonly<Record<string, unknown>> {
  return { channel: channel.name, conversation, message_id: entry.message.id, turn_id: turnId, ref: turnId };
}
