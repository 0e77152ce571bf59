import { isChannelError, type AnyChannelError, type ChannelContext, type StatusRecorder } from "@revka/core";
import type { MochatApi } from "./api.ts";
import type { MochatSettings } from "./config.ts";
import type { Cursor } from "./cursor.ts";
import { isCursorRefusal } from "./errors.ts";
import { createFailureLog } from "./failure-log.ts";
import { LIMITS } from "./limits.ts";
import { FIRST, nextPoll, type PollOutcome } from "./schedule.ts";
import type { TakePage } from "./take-page.ts";

/** What polling needs. */
export interface PollerOptions {
  readonly settings: MochatSettings;
  readonly context: ChannelContext;
  readonly api: MochatApi;
  readonly status: StatusRecorder;
  readonly cursor: Cursor;
  readonly takePage: TakePage;
  readonly signal: AbortSignal;
}

/** Polls once and gives the wait until the next time in ms. Rejects only when it must end. */
export type Poll = () => Promise<number>;

/** Polls; whatever the bridge does, there is a next time. */
export function createPoller({ settings, context, api, status, cursor, takePage, signal }: PollerOptions): Poll {
  const { instance: channel, logger, random } = context;
  const log = createFailureLog(logger, channel);
  const pacing = { intervalMs: settings.pollIntervalMs, random };
  let schedule = FIRST;
  let cursorRefusals = 0;

  function isCursorRefused(): boolean {
    return cursorRefusals >= LIMITS.cursorRefusals;
  }
  async function ask(): Promise<PollOutcome> {
    if (isCursorRefused()) logger.warn({ channel }, "Mochat: the bridge refuses since_id, polling once without it");
    const page = await api.receive(isCursorRefused() ? undefined : cursor.sinceId, signal);
    status.frame();
    status.set("connected");
    log.recovered("Mochat: polling works again");
    if (isCursorRefused()) cursor.forget();
    cursorRefusals = 0;
    return { kind: "taken", isDraining: await takePage(page) };
  }
  function fail(error: AnyChannelError): PollOutcome {
    const hadCursor = cursor.sinceId !== undefined && !isCursorRefused();
    cursorRefusals = hadCursor && isCursorRefusal(error) ? cursorRefusals + 1 : 0;
    if (error.code === "auth" || error.code === "platform") return { kind: "refused" };
    return error.code === "rate-limit" ? { kind: "failed", retryAfterMs: error.retryAfterMs } : { kind: "failed" };
  }
  function report(outcome: PollOutcome, error: AnyChannelError, delayMs: number): void {
    const isRefused = outcome.kind === "refused";
    status.set(isRefused ? "failed" : "backoff", error.message);
    if (isRefused) log.refused({ delayMs }, error.message);
    else log.failed({ delayMs }, error.message);
  }
  function schedulePoll(outcome: PollOutcome): number {
    const next = nextPoll(schedule, outcome, pacing);
    schedule = next.schedule;
    return next.delayMs;
  }

  return async () => {
    try {
      return schedulePoll(await ask());
    } catch (error) {
      if (signal.aborted || !isChannelError(error)) throw error;
      const outcome = fail(error);
      const delayMs = schedulePoll(outcome);
      report(outcome, error, delayMs);
      return delayMs;
    }
  };
}
