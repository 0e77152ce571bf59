import { UnknownOutcomeError } from "@revka/core";
import * as v from "valibot";
import type { LarkApi } from "./api.ts";
import { ELEMENT_ID, markdownCard, toCardMarkdown, type MarkdownCard } from "./card.ts";

/** How a card is changed. */
export interface Change {
  /** Higher than that of the change before. */
  readonly sequence: number;
  readonly signal?: AbortSignal | undefined;
}

/** The calls about card entities, which can change after they were sent. */
export interface CardKit {
  /** Makes a card that is to grow; gives its id, which can be sent once. */
  create(markdown: string, signal?: AbortSignal): Promise<string>;
  /** Shows the whole text so far. */
  grow(cardId: string, markdown: string, change: Change): Promise<void>;
  /** Lets a card grow again: the platform stops that after ten minutes. */
  resume(cardId: string, change: Change): Promise<void>;
  /** Ends the growing; the preview stands in the list of chats. */
  settle(cardId: string, preview: string | undefined, change: Change): Promise<void>;
  /** Shows a whole new card, which grows no more. */
  replace(cardId: string, markdown: string, change: Change): Promise<void>;
}

const GROWING = {
  streaming_mode: true,
  // Else the list of chats says that something is being written, for ever if nobody ends it.
  summary: { content: "" },
  streaming_config: { print_frequency_ms: { default: 70 }, print_step: { default: 1 }, print_strategy: "fast" },
} as const;

const createdSchema = v.object({ card_id: v.string() });

/** The card calls of one app. */
export function createCardKit(api: LarkApi): CardKit {
  async function configure(cardId: string, config: Readonly<Record<string, unknown>>, { sequence, signal }: Change): Promise<void> {
    await api.call("PATCH", `${pathOf(cardId)}/settings`, { json: { settings: JSON.stringify({ config }), sequence }, signal });
  }

  return {
    async create(markdown, signal) {
      const data = v.safeParse(createdSchema, await api.call("POST", "cardkit/v1/cards", { json: entityOf(markdownCard(markdown, GROWING)), signal }));
      if (!data.success) throw new UnknownOutcomeError("Lark: a card was made, but without an id");
      return data.output.card_id;
    },
    async grow(cardId, markdown, { sequence, signal }) {
      const json = { content: toCardMarkdown(markdown), sequence };
      await api.call("PUT", `${pathOf(cardId)}/elements/${ELEMENT_ID}/content`, { json, signal });
    },
    resume: (cardId, change) => configure(cardId, { streaming_mode: true }, change),
    settle: (cardId, preview, change) => configure(cardId, { streaming_mode: false, ...(preview !== undefined && { summary: { content: preview } }) }, change),
    async replace(cardId, markdown, { sequence, signal }) {
      await api.call("PUT", pathOf(cardId), { json: { card: entityOf(markdownCard(markdown)), sequence }, signal });
    },
  };
}

function pathOf(cardId: string): string {
  return `cardkit/v1/cards/${encodeURIComponent(cardId)}`;
}

function entityOf(card: MarkdownCard): { readonly type: "card_json"; readonly data: string } {
  return { type: "card_json", data: JSON.stringify(card) };
}
