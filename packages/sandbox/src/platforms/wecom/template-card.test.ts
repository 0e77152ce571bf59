import { describe, expect, it } from "vitest";
import { checkTemplateCard } from "./template-card.ts";

const ACTION = { type: 1, url: "https://example.com/d" };
const TEXT_NOTICE = { card_type: "text_notice", main_title: { title: "Disk alert" }, sub_title_text: "host-7 at 93%", card_action: ACTION };
const NEWS_NOTICE = { card_type: "news_notice", main_title: { title: "News" }, card_image: { url: "https://example.com/i.png" }, card_action: ACTION };

const LINK = { type: 1, url: "https://example.com", title: "more" };
const FULL_TEXT = {
  ...TEXT_NOTICE,
  task_id: "unknown keys are ignored",
  source: { icon_url: "https://example.com/i.png", desc: "d".repeat(13), desc_color: 3 },
  main_title: { title: "t".repeat(26), desc: "d".repeat(30) },
  emphasis_content: { title: "t".repeat(10), desc: "d".repeat(15) },
  quote_area: { type: 2, appid: "wx", pagepath: "p", title: "t", quote_text: "q" },
  sub_title_text: "你".repeat(112),
  horizontal_content_list: [
    { keyname: "k".repeat(5), value: "v".repeat(26) },
    { type: 1, keyname: "url", url: "https://example.com" },
    { type: 2, keyname: "file", media_id: "m" },
    { type: 3, keyname: "who", userid: "li.si" },
  ],
  jump_list: [LINK, { type: 2, appid: "wx", title: "t".repeat(13) }, { title: "plain" }],
  card_action: { type: 2, appid: "wx", pagepath: "p" },
};
const FULL_NEWS = {
  ...NEWS_NOTICE,
  card_image: { url: "https://example.com/i.png", aspect_ratio: 2.25 },
  image_text_area: { ...LINK, desc: "d", image_url: "https://example.com/i.png" },
  vertical_content_list: Array.from({ length: 4 }, () => ({ title: "t".repeat(26), desc: "d".repeat(112) })),
};

describe("checkTemplateCard", () => {
  it.each([
    ["a small text notice", TEXT_NOTICE],
    ["a text notice at its limits", FULL_TEXT],
    ["a text notice with a subtitle only", { ...TEXT_NOTICE, main_title: undefined }],
    ["a text notice with a title only", { ...TEXT_NOTICE, sub_title_text: "" }],
    ["a small news notice", NEWS_NOTICE],
    ["a news notice at its limits", FULL_NEWS],
  ])("takes %s", (_title, card) => {
    expect(checkTemplateCard(card)).toBeUndefined();
  });

  it.each<[string, object, number, string]>([
    ["no card_type", { ...TEXT_NOTICE, card_type: undefined }, 40063, "template_card.card_type is required"],
    ["another card_type", { ...TEXT_NOTICE, card_type: "vote" }, 40058, "template_card.card_type"],
    ["no action", { ...TEXT_NOTICE, card_action: undefined }, 40063, "template_card.card_action is required"],
    ["an action of type 0", { ...TEXT_NOTICE, card_action: { type: 0 } }, 40058, "template_card.card_action.type"],
    ["a url action without url", { ...TEXT_NOTICE, card_action: { type: 1 } }, 40058, "template_card.card_action lacks the key"],
    ["a mini program without appid", { ...TEXT_NOTICE, card_action: { type: 2, url: "x" } }, 40058, "template_card.card_action lacks the key"],
    ["neither title nor subtitle", { ...TEXT_NOTICE, main_title: { desc: "d" }, sub_title_text: "" }, 40058, "main_title.title or sub_title_text"],
    ["a long source", { ...FULL_TEXT, source: { desc: "d".repeat(14) } }, 40058, "template_card.source.desc exceed max length 13"],
    ["a colour that is none", { ...FULL_TEXT, source: { desc_color: 4 } }, 40058, "template_card.source.desc_color"],
    ["a long title", { ...FULL_TEXT, main_title: { title: "t".repeat(27) } }, 40058, "template_card.main_title.title exceed max length 26"],
    ["a long subtitle", { ...FULL_TEXT, sub_title_text: "你".repeat(113) }, 40058, "template_card.sub_title_text exceed max length 112"],
    ["a long emphasis", { ...FULL_TEXT, emphasis_content: { title: "t".repeat(11) } }, 40058, "template_card.emphasis_content.title exceed max length 10"],
    ["seven horizontal entries", { ...FULL_TEXT, horizontal_content_list: Array.from({ length: 7 }, () => ({ keyname: "k" })) }, 40058, "horizontal_content_list exceed max length 6"],
    ["a horizontal entry without keyname", { ...FULL_TEXT, horizontal_content_list: [{ value: "v" }] }, 40063, "horizontal_content_list.0.keyname is required"],
    ["a file entry without media_id", { ...FULL_TEXT, horizontal_content_list: [{ type: 2, keyname: "k" }] }, 40058, "horizontal_content_list.0 lacks the key"],
    ["four jumps", { ...FULL_TEXT, jump_list: [LINK, LINK, LINK, LINK] }, 40058, "template_card.jump_list exceed max length 3"],
    ["a picture in a text notice", { ...TEXT_NOTICE, card_image: { url: "x" } }, 40058, "template_card.card_image is not part of this card_type"],
    ["a subtitle in a news notice", { ...NEWS_NOTICE, sub_title_text: "x" }, 40058, "template_card.sub_title_text is not part"],
    ["a news notice without picture", { ...NEWS_NOTICE, card_image: undefined }, 40063, "template_card.card_image is required"],
    ["a news notice without title", { ...NEWS_NOTICE, main_title: { desc: "d" } }, 40063, "template_card.main_title.title is required"],
    ["a picture that is too flat", { ...NEWS_NOTICE, card_image: { url: "x", aspect_ratio: 2.26 } }, 40058, "template_card.card_image.aspect_ratio"],
    ["five vertical entries", { ...NEWS_NOTICE, vertical_content_list: Array.from({ length: 5 }, () => ({ title: "t" })) }, 40058, "vertical_content_list exceed max length 4"],
  ])("refuses %s", (_title, ...[card, errcode, reason]) => {
    const refusal = checkTemplateCard({ ...card });
    expect(refusal?.errcode).toBe(errcode);
    expect(refusal?.reason).toContain(reason);
  });
});
