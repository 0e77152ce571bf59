import { describeError } from "../describe-error.ts";
import { bury, logFields, settle, tell, type Turn } from "./turn.ts";
import type { TurnOutcome } from "./turn-outcome.ts";

/** Ends a turn that gave no answer: the operator gets the error, the user a notice and the reference to it. */
export async function endWithoutAnswer(turn: Turn, outcome: Exclude<TurnOutcome, { readonly kind: "answered" }>): Promise<void> {
  const { turnId, runtime } = turn;
  switch (outcome.kind) {
    case "empty":
      runtime.logger.warn(logFields(turn), "The agent gave no answer");
      await settle(turn);
      return;
    case "timed-out":
      runtime.logger.error({ ...logFields(turn), limit: outcome.limit, duration_ms: outcome.afterMs }, "The agent took too long");
      await tell(turn, { notice: "timed-out" });
      await bury(turn, "timed out");
      return;
    case "failed": {
      const reason = describeError(outcome.error, runtime);
      runtime.logger.error({ ...logFields(turn), error: reason, is_retryable: outcome.isRetryable }, "The agent failed");
      await tell(turn, { notice: "failed", ref: turnId, ...(outcome.userText !== undefined && { text: outcome.userText }) });
      await bury(turn, reason);
    }
  }
}
