import { Hono } from "hono";
import * as v from "valibot";
import { answer, readBody } from "./call.ts";
import type { CardChange } from "./card-changes.ts";
import type { JsonObject } from "./card-nodes.ts";
import type { LarkCard } from "./cardkit.ts";
import { announce, noteEdit } from "./deliver.ts";
import { LIMITS } from "./limits.ts";
import { parseObject, readContent } from "./message-content.ts";
import { messageIn } from "./message-lookup.ts";
import { refuse } from "./refusal.ts";
import type { RestState } from "./rest-state.ts";

const filled = v.pipe(v.string(), v.nonEmpty());
const atMost = (chars: number): v.GenericSchema<string> => v.pipe(filled, v.maxLength(chars));
const STEP = {
  sequence: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(LIMITS.maxSequence)),
  uuid: v.exactOptional(v.pipe(v.string(), v.nonEmpty(), v.maxLength(LIMITS.cardUuidChars))),
};
const CARD = { type: v.literal("card_json"), data: atMost(LIMITS.cardDataChars) };
const STREAM = v.object({ content: atMost(LIMITS.streamContentChars), ...STEP });
const SETTINGS = v.object({ settings: atMost(LIMITS.cardSettingsChars), ...STEP });
const REPLACE = v.object({ card: v.object(CARD), ...STEP });
const UPDATE = v.object({ token: filled, card: v.looseObject({}) });
const INVALID = 10002;

/** What an app does with card entities, and with cards that were clicked. */
export function cardRoutes(state: RestState): Hono {
  const app = new Hono();
  app.post("/open-apis/cardkit/v1/cards", async (c) => {
    const { data } = await readBody(c.req, v.object(CARD), INVALID);
    return answer({ card_id: state.cards.create(cardIn(data)).cardId });
  });
  app.post("/open-apis/cardkit/v1/cards/id_convert", async (c) => {
    const { message_id: messageId } = await readBody(c.req, v.object({ message_id: filled }), INVALID);
    return answer({ card_id: entityOf(state, messageId).cardId });
  });
  app.put("/open-apis/cardkit/v1/cards/:id/elements/:element/content", async (c) => {
    const { id, element: elementId } = c.req.param();
    return change(state, id, { kind: "stream", elementId, ...(await readBody(c.req, STREAM, INVALID)) });
  });
  app.patch("/open-apis/cardkit/v1/cards/:id/settings", async (c) => {
    const { settings, ...step } = await readBody(c.req, SETTINGS, INVALID);
    return change(state, c.req.param("id"), { kind: "settings", settings: parseObject(settings) ?? {}, ...step });
  });
  app.put("/open-apis/cardkit/v1/cards/:id", async (c) => {
    const { card, ...step } = await readBody(c.req, REPLACE, INVALID);
    return change(state, c.req.param("id"), { kind: "replace", card: cardIn(card.data), ...step });
  });
  app.post("/open-apis/interactive/v1/card/update", async (c) => {
    const { token, card } = await readBody(c.req, UPDATE, INVALID);
    const { text, payload } = readContent(state, "interactive", JSON.stringify(card));
    const messageId = state.cardTokens.use(token);
    if (messageId === undefined) throw refuse(INVALID, { msg: "the token is of no answered click, expired or used up" });
    if (state.cards.shownBy(messageId) !== undefined) throw refuse(INVALID, { msg: "card entities are changed by the card API" });
    state.messages.edit(messageId, { content: JSON.stringify(payload) });
    noteEdit(state, messageId, { kind: "update", text });
    return answer();
  });
  return app;
}

function change(state: RestState, cardId: string, wanted: CardChange): Response {
  state.rates.card(cardId);
  announce(state, state.cards.change(cardId, wanted).messageId);
  return answer();
}

function cardIn(data: string): JsonObject {
  const card = parseObject(data);
  if (card === undefined) throw refuse(200220, { msg: "card data is not a JSON object" });
  return card;
}

/** The entity of a card that was sent: the one it shows, or one that is made of it. */
function entityOf(state: RestState, messageId: string): LarkCard {
  const { msgType, content } = messageIn(state, messageId);
  const card = parseObject(content);
  if (msgType !== "interactive" || card === undefined) throw refuse(INVALID, { msg: "the message is no card" });
  return state.cards.shownBy(messageId) ?? state.cards.create(card, { messageId });
}
