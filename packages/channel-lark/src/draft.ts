import { randomUUID } from "node:crypto";
import type { Channel, ChannelContext, Draft, ReplyTarget } from "@revka/core";
import type { LarkApi } from "./api.ts";
import { createCardKit } from "./card-kit.ts";
import { createCardSeries, type CardSeriesMeans } from "./card-series.ts";
import type { Deliver } from "./deliver.ts";
import { createLeftovers } from "./leftovers.ts";
import { LIMITS } from "./limits.ts";
import { createMessages } from "./messages.ts";

/** What drafts need. */
export interface DraftMeans {
  readonly context: ChannelContext;
  readonly api: LarkApi;
  readonly deliver: Deliver;
  /** The ordinary way, for what cannot be shown while it grows. */
  readonly send: Channel["send"];
}

/** Answers that grow while people watch. */
export interface Drafts {
  /** Opens nothing yet: the first text does. */
  readonly openDraft: NonNullable<Channel["openDraft"]>;
  /** Ends the growing of cards that a crash has left; for the beginning of `listen`. */
  recover(signal: AbortSignal): Promise<void>;
}

/** Drafts as cards that the platform lets grow. */
export function createDrafts({ context, api, deliver, send }: DraftMeans): Drafts {
  const kit = createCardKit(api);
  const leftovers = createLeftovers(context, "cards");
  const means: CardSeriesMeans = { context, kit, messages: createMessages(api), deliver, leftovers, send };

  return {
    openDraft: (target, signal) => Promise.resolve(createDraft(target, means, signal)),
    // Nobody knows how far the sequence of each got.
    recover: (signal) => leftovers.recover((cardId) => kit.settle(cardId, undefined, { sequence: LIMITS.cardSequences + 1, signal }), signal),
  };
}

/** One answer. Where it cannot be shown while it grows, it is sent at its end. */
function createDraft(target: ReplyTarget, means: CardSeriesMeans, signal: AbortSignal | undefined): Draft {
  const { instance: channel, clock, logger } = means.context;
  const cards = createCardSeries(randomUUID(), target, means);
  let newest = "";
  let isGivenUp = false;
  let shownAt = -Infinity;
  let showing: Promise<void> | undefined;

  async function showNewest(): Promise<void> {
    for (let text: string | undefined; text !== newest && !isGivenUp; ) {
      const waitMs = shownAt + LIMITS.draftIntervalMs - clock.monotonic();
      if (waitMs > 0) await clock.sleep(waitMs, signal);
      text = newest;
      await cards.show(text, signal);
      shownAt = clock.monotonic();
    }
  }
  function giveUp(error: unknown): void {
    signal?.throwIfAborted();
    isGivenUp = true;
    logger.warn({ channel, error: String(error) }, "Lark: an answer cannot be shown while it grows, it will be sent at its end");
  }
  async function untilShown(): Promise<void> {
    await showing?.catch(() => undefined);
  }

  return {
    async update(text) {
      newest = text;
      showing ??= showNewest()
        .catch(giveUp)
        .finally(() => (showing = undefined));
      await showing;
    },
    async finish(text) {
      await untilShown();
      return cards.settle(text);
    },
    async cancel() {
      await untilShown();
      await cards.takeBack();
    },
  };
}
