import { NoReplyRouteError, type OutboundMessage } from "@revka/core";
import { describe, expect, it } from "vitest";
import { render, split, textLimit } from "./outbound.ts";

const UNSPLIT = { maxMessageChars: 0 };
const to = (conversationId: string, text: string): OutboundMessage => ({ target: { conversationId }, text });

describe("render", () => {
  it("makes the documented body (MOCHAT-32)", () => {
    const [body] = render(to("u-7", "It ships today."), UNSPLIT);
    expect(JSON.stringify(body)).toBe('{"toUserId":"u-7","msgType":"text","content":{"text":"It ships today."}}');
  });

  it("leaves Markdown and white space as they are", () => {
    expect(render(to("u-7", "**bold**\n  indented \n"), UNSPLIT)[0]?.content.text).toBe("**bold**\n  indented \n");
  });

  it("does not split a long text by default", () => {
    expect(render(to("u-7", "line\n".repeat(20_000)), UNSPLIT)).toHaveLength(1);
  });

  it("splits at line ends where a limit is set, all parts to the same user", () => {
    const parts = render(to("u-7", "first line here\nsecond line here"), { maxMessageChars: 20 });
    expect(parts.map(({ toUserId, content }) => [toUserId, content.text])).toEqual([["u-7", "first line here\n"], ["u-7", "second line here"]]);
  });

  it("writes to the notification target where a message names nobody (MOCHAT-43)", () => {
    expect(render(to("", "hi"), { ...UNSPLIT, notificationTarget: "u-9" })[0]?.toUserId).toBe("u-9");
    expect(render(to("u-7", "hi"), { ...UNSPLIT, notificationTarget: "u-9" })[0]?.toUserId).toBe("u-7");
  });

  it("refuses a message to nobody", () => {
    expect(() => render(to("", "hi"), UNSPLIT)).toThrow(NoReplyRouteError);
  });

  it.each([
    ["an empty text", to("u-7", "")],
    ["a blank text", to("u-7", " \n")],
    ["media", { ...to("u-7", "look"), media: { kind: "image", bytes: new Uint8Array(1) } } satisfies OutboundMessage],
  ])("refuses %s", (_title, message) => {
    expect(() => render(message, UNSPLIT)).toThrow(TypeError);
  });
});

describe("split", () => {
  it.each([[16, 16], [0, 1_000_000]])("with the setting %d cuts at %d characters", (maxMessageChars, limit) => {
    expect(textLimit({ maxMessageChars })).toBe(limit);
    expect(split("x".repeat(limit), { maxMessageChars })).toHaveLength(1);
    expect(split("x".repeat(limit + 1), { maxMessageChars })).toHaveLength(2);
  });

  it("gives pieces that are not split again", () => {
    const pieces = split("one two three four five six seven", { maxMessageChars: 16 });
    expect(pieces.map((piece) => split(piece, { maxMessageChars: 16 }))).toEqual(pieces.map((piece) => [piece]));
  });
});
