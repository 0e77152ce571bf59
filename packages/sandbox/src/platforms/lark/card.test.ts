import { describe, expect, it } from "vitest";
import { cardOf, markdown } from "../../testing/lark-rest.ts";
import { checkCard } from "./card.ts";
import { cardText } from "./card-nodes.ts";

const RULES = { tableCount: 3, hasImage: (key: string): boolean => key === "img_v3_own" };
const TABLE = "| a |\n|---|\n| 1 |\n";
const TITLE = { tag: "plain_text", content: "Title" };
const BUTTON = { tag: "button", text: { tag: "plain_text", content: "Go" }, behaviors: [{ type: "callback", value: { tag: "anything" } }] };
const FULL = {
  schema: "2.0",
  config: { update_multi: true, streaming_mode: false, summary: { content: "s" }, width_mode: "fill" },
  card_link: { url: "https://a.example" },
  header: { title: TITLE, template: "blue", text_tag_list: [{ tag: "text_tag", text: { tag: "plain_text", content: "new" } }] },
  body: {
    direction: "vertical",
    elements: [
      markdown("# Hi", "md_1"),
      { tag: "hr" },
      { tag: "img", img_key: "img_v3_own", alt: { tag: "plain_text", content: "" } },
      { tag: "column_set", columns: [{ tag: "column", elements: [BUTTON] }] },
      { tag: "table", columns: [{ name: "a", data_type: "text" }], rows: [{ a: "1" }] },
      { tag: "collapsible_panel", header: { title: TITLE, icon: { tag: "standard_icon", token: "down" } }, elements: [markdown("inside")] },
    ],
  },
};

describe("checkCard", () => {
  it("takes everything that the platform knows", () => {
    expect(checkCard(FULL, RULES)).toBeUndefined();
  });

  it.each<readonly [title: string, card: Record<string, unknown>, code: number, errMsg: string]>([
    ["nothing", {}, 300307, "empty"],
    ["no schema", { body: { elements: [] } }, 300303, "schema"],
    ["schema 1.0", { schema: "1.0", elements: [] }, 300303, "schema"],
    ["no body", { schema: "2.0" }, 200220, "body.elements"],
    ["update_multi off", cardOf([], { update_multi: false }), 300302, "update_multi"],
    ["an unknown property", { ...cardOf([]), elements: [] }, 200220, "unknown property, property: elements"],
    ["an unknown property of the configuration", cardOf([], { wide_screen_mode: true }), 200220, "property: wide_screen_mode"],
    ["an unknown property of an element", cardOf([{ ...markdown("a"), colour: "red" }]), 200220, "property: colour, path: markdown"],
    ["an unknown property deep inside", cardOf([{ tag: "div", text: { ...TITLE, size: 1 } }]), 200220, "property: size, path: plain_text"],
    ["an element of 1.0", cardOf([{ tag: "action", actions: [] }]), 200220, "not support tag: action"],
    ["a part where an element must be", cardOf([TITLE]), 200220, "not support tag: plain_text"],
    ["an element without a tag", cardOf([{ content: "a" }]), 200220, "not support tag: "],
    ["markdown without content", cardOf([{ tag: "markdown" }]), 200220, "needs content"],
    ["an element_id that begins with a digit", cardOf([markdown("a", "1a")]), 200220, "invalid element_id"],
    ["an element_id of 21 characters", cardOf([markdown("a", "a".repeat(21))]), 200220, "invalid element_id"],
    ["an element_id with a dash", cardOf([markdown("a", "a-b")]), 200220, "invalid element_id"],
    ["an element_id twice", cardOf([markdown("a", "x"), { tag: "column_set", columns: [{ tag: "column", elements: [markdown("b", "x")] }] }]), 300301, "duplicate"],
    ["201 elements", cardOf(Array.from({ length: 201 }, () => markdown("a"))), 300305, "element exceeds the limit"],
    ["an image from elsewhere", cardOf([markdown("![a](https://a.example/b.png)")]), 200220, "invalid image keys"],
    ["a key that nobody uploaded", cardOf([{ tag: "img", img_key: "img_v3_other" }]), 200220, "invalid image keys"],
    ["four tables", cardOf([markdown(TABLE), markdown(`${TABLE}\n${TABLE}`), { tag: "table", columns: [], rows: [] }]), 200220, "card table number over limit"],
  ])("refuses %s", (_title, card, code, errMsg) => {
    const problem = checkCard(card, RULES);
    expect(problem?.code).toBe(code);
    expect(problem?.errMsg).toContain(errMsg);
  });

  it("takes an element_id of 20 characters, 200 elements and three tables", () => {
    const many = Array.from({ length: 197 }, () => markdown("a"));
    expect(checkCard(cardOf([...many, ...["a", "b", "c"].map((letter) => markdown(TABLE, letter.repeat(20)))]), RULES)).toBeUndefined();
  });
});

describe("cardText", () => {
  it("gives the words of header and body, in order", () => {
    expect(cardText(FULL)).toBe("Title\nnew\n# Hi\nGo\nTitle\ninside");
  });
});
