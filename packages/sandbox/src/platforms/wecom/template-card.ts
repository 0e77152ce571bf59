import * as v from "valibot";
import { invalidParameter, type Refusal, refuse, tooLong } from "./refusal.ts";

const text = (limit?: number): v.GenericSchema<string> =>
  limit === undefined ? v.string() : v.pipe(v.string(), v.check((value) => Array.from(value).length <= limit, `exceed max length ${limit}`));
const required = (limit?: number): v.GenericSchema<string> => v.pipe(text(limit), v.nonEmpty("is required"));
const oneOf = (...values: number[]): v.GenericSchema<number> => v.picklist(values);
const list = <T>(entry: v.GenericSchema<T>, max: number): v.GenericSchema<T[]> => v.pipe(v.array(entry), v.maxLength(max, `exceed max length ${max}`));

/** A thing that can be tapped: its type decides which of the other keys it needs. */
interface Target {
  readonly type?: number | undefined;
  readonly url?: string | undefined;
  readonly appid?: string | undefined;
  readonly media_id?: string | undefined;
  readonly userid?: string | undefined;
}

const TARGET = { url: v.optional(text()), appid: v.optional(text()), pagepath: v.optional(text()) };

/** Refuses a target whose type needs a key that is empty or missing. */
function needs<T extends Target>(keyOfType: Readonly<Record<number, keyof Target>>): v.CheckAction<T, string> {
  return v.check((target) => {
    const key = keyOfType[target.type ?? 0];
    return key === undefined || Boolean(target[key]);
  }, "lacks the key that its type needs");
}

const LINK: Readonly<Record<number, keyof Target>> = { 1: "url", 2: "appid" };

const COMMON = {
  source: v.optional(v.object({ icon_url: v.optional(text()), desc: v.optional(text(13)), desc_color: v.optional(oneOf(0, 1, 2, 3)) })),
  main_title: v.optional(v.object({ title: v.optional(text(26)), desc: v.optional(text(30)) })),
  quote_area: v.optional(
    v.pipe(v.object({ ...TARGET, type: v.optional(oneOf(0, 1, 2)), title: v.optional(text()), quote_text: v.optional(text()) }), needs(LINK)),
  ),
  horizontal_content_list: v.optional(
    list(
      v.pipe(
        v.object({
          ...TARGET, type: v.optional(oneOf(0, 1, 2, 3)), keyname: required(5), value: v.optional(text(26)),
          media_id: v.optional(text()), userid: v.optional(text()),
        }),
        needs({ 1: "url", 2: "media_id", 3: "userid" }),
      ),
      6,
    ),
  ),
  jump_list: v.optional(list(v.pipe(v.object({ ...TARGET, type: v.optional(oneOf(0, 1, 2)), title: required(13) }), needs(LINK)), 3)),
  card_action: v.pipe(v.object({ ...TARGET, type: oneOf(1, 2) }), needs(LINK)),
};

const ABSENT = v.exactOptional(v.never("is not part of this card_type"));

const TEXT_NOTICE = v.pipe(
  v.object({
    ...COMMON,
    card_type: v.literal("text_notice"),
    emphasis_content: v.optional(v.object({ title: v.optional(text(10)), desc: v.optional(text(15)) })),
    sub_title_text: v.optional(text(112)),
    card_image: ABSENT,
    image_text_area: ABSENT,
    vertical_content_list: ABSENT,
  }),
  v.check(({ main_title, sub_title_text }) => Boolean(main_title?.title) || Boolean(sub_title_text), "main_title.title or sub_title_text is required"),
);

const NEWS_NOTICE = v.object({
  ...COMMON,
  card_type: v.literal("news_notice"),
  main_title: v.object({ title: required(26), desc: v.optional(text(30)) }),
  card_image: v.object({ url: required(), aspect_ratio: v.optional(v.pipe(v.number(), v.minValue(1.3), v.maxValue(2.25))) }),
  image_text_area: v.optional(
    v.pipe(
      v.object({ ...TARGET, type: v.optional(oneOf(0, 1, 2)), title: v.optional(text()), desc: v.optional(text()), image_url: required() }),
      needs(LINK),
    ),
  ),
  vertical_content_list: v.optional(list(v.object({ title: required(26), desc: v.optional(text(112)) }), 4)),
  emphasis_content: ABSENT,
  sub_title_text: ABSENT,
});

const CARD = v.variant("card_type", [TEXT_NOTICE, NEWS_NOTICE]);

/** Checks a template card by the rules of its `card_type`; gives the first thing that is wrong. */
export function checkTemplateCard(card: Readonly<Record<string, unknown>>): Refusal | undefined {
  const result = v.safeParse(CARD, card);
  if (result.success) return undefined;
  const [issue] = result.issues;
  const field = `template_card.${v.getDotPath(issue) ?? ""}`.replace(/\.$/, "");
  if (issue.received === "undefined") return refuse(40063, `${field} is required`);
  const limit = /^exceed max length (\d+)$/.exec(issue.message)?.[1];
  return limit === undefined ? invalidParameter(`${field} ${issue.message}`) : tooLong(field, Number(limit));
}
