import type { ChannelContext } from "@revka/core";
import { RESUME, type Verdict } from "./close-codes.ts";
import type { Dispatches } from "./dispatches.ts";
import type { IsNews } from "./mentions.ts";
import type { Speech } from "./speech.ts";
import type { StreamEffect } from "./stream.ts";

/** What effects work on. */
export interface PerformMeans {
  readonly context: ChannelContext;
  readonly isNews: IsNews;
  readonly speech: Speech;
  readonly dispatches: Dispatches;
  /** A session stands. */
  readonly onSettled: () => void;
  /** The session is alive. */
  readonly onAlive: () => void;
  /** Leaves the connection. */
  readonly end: (verdict: Verdict) => void;
}

/** Does what the protocol asks for; none of it is waited for. */
export function createPerform({ context: { instance: channel, logger }, isNews, speech, dispatches, onSettled, onAlive, end }: PerformMeans): (effect: StreamEffect) => void {
  return (effect) => {
    switch (effect.kind) {
      case "heart":
        speech.startHeart(effect.intervalMs);
        return;
      case "say":
        speech[effect.what]();
        return;
      case "ready":
        dispatches.begin(effect);
        logger.info({ channel }, "QQ: connected and identified");
        onSettled();
        return;
      case "resumed":
        dispatches.pass(effect.sequence);
        logger.info({ channel }, "QQ: connected and resumed");
        onSettled();
        return;
      case "alive":
        onAlive();
        return;
      case "event":
        void dispatches.take(effect.event, effect.sequence).then((isDone) => !isDone && end(RESUME));
        return;
      case "end":
        logger.info({ channel }, effect.note);
        end(effect.verdict);
        return;
      case "note":
        logger[isNews(effect.problem) ? "warn" : "debug"]({ channel, problem: effect.problem, excerpt: effect.excerpt }, "QQ: ignoring a frame");
    }
  };
}
