import type { MessagePart } from "@revka/core";
import { describe, expect, it } from "vitest";
import { partsOf } from "./content.ts";
import type { Mention } from "./mentions.ts";

const MENTIONS: readonly Mention[] = [
  { key: "@_user_1", openId: "ou_bot", name: "Revka" },
  { key: "@_user_2", openId: "ou_2", name: "Li" },
  { key: "@_user_10", openId: "ou_10", name: "Wang" },
];
const read = (type: string, content: Readonly<Record<string, unknown>>, mentions: readonly Mention[] = MENTIONS): readonly MessagePart[] =>
  partsOf({ messageId: "om_1", type, content, mentions }, "ou_bot");
const text = (words: string): MessagePart => ({ kind: "text", text: words });
const image = (key: string): MessagePart => ({ kind: "image", ref: { messageId: "om_1", key, type: "image" } });
const file = (kind: string, facts: object = {}): unknown => ({ kind, ref: { messageId: "om_1", key: "f", type: "file" }, ...facts });

describe("partsOf", () => {
  it.each<[string, string, Record<string, unknown>, readonly unknown[]]>([
    ["a text (LARK-34)", "text", { text: "hi [t](https://a.b)" }, [text("hi [t](https://a.b)")]],
    ["an empty text", "text", {}, []],
    ["an image", "image", { image_key: "i" }, [image("i")]],
    ["an image without a key", "image", {}, [{ kind: "unsupported", type: "image" }]],
    ["a file", "file", { file_key: "f", file_name: "plan.pdf" }, [file("file", { name: "plan.pdf", mediaType: "application/pdf" })]],
    ["a file without a name", "file", { file_key: "f" }, [file("file")]],
    ["a folder", "folder", { file_key: "f", file_name: "plans" }, [text("[folder: plans]")]],
    ["a voice (LARK-82)", "audio", { file_key: "f", duration: 4000 }, [file("audio", { name: "voice.m4a", mediaType: "audio/mp4", durationMs: 4000 })]],
    ["a voice with a usable name (LARK-82)", "audio", { file_key: "f", file_name: "a.OGG" }, [file("audio", { name: "a.OGG", mediaType: "audio/ogg" })]],
    ["a voice with another name (LARK-82)", "audio", { file_key: "f", file_name: "a.exe" }, [file("audio", { name: "voice.m4a", mediaType: "audio/mp4" })]],
    ["a film", "media", { file_key: "f", image_key: "i", file_name: "a.mp4", duration: 7000 }, [file("video", { name: "a.mp4", mediaType: "video/mp4", durationMs: 7000 })]],
    ["a sticker", "sticker", { file_key: "f" }, [text("[sticker]")]],
    ["a card", "interactive", { title: "T", elements: [[{ tag: "text", text: "a" }, { tag: "a", text: "b", href: "u" }], [{ tag: "img", image_key: "i" }], [{ tag: "button", text: "c" }]] }, [text("T\nab\nc")]],
    ["a card of nothing", "interactive", { elements: [] }, [{ kind: "unsupported", type: "interactive" }]],
    ["a forwarded chat, until it is fetched", "merge_forward", { content: "Merged and Forwarded Message" }, [{ kind: "unsupported", type: "merge_forward" }]],
    ["a shared chat", "share_chat", { chat_id: "oc_9" }, [text("[shared chat: oc_9]")]],
    ["a shared contact", "share_user", { user_id: "ou_9" }, [text("[shared contact: ou_9]")]],
    ["a place", "location", { name: "Tower", latitude: "35.6", longitude: "139.7" }, [text("[location: Tower, 35.6, 139.7]")]],
    ["a place with a trick in its name", "location", { name: "a]\n[b" }, [text("[location: a] [b]")]],
    ["an appointment", "general_calendar", { summary: "Review", start_time: "1763800000000", end_time: "1763803600000" }, [text("[calendar event: Review, 2025-11-22T08:26:40.000Z, 2025-11-22T09:26:40.000Z]")]],
    ["a meeting", "video_chat", { topic: "Daily", start_time: "nonsense" }, [text("[video meeting: Daily]")]],
    ["a task", "todo", { task_id: "t", summary: { title: "Ship", content: [[{ tag: "text", text: "it", style: ["bold"] }]] }, due_time: "1763800000000" }, [text("[task: Ship it, due 2025-11-22T08:26:40.000Z]")]],
    ["a poll", "vote", { topic: "Lunch?", options: ["rice", "noodles"] }, [text("[poll: Lunch?, rice / noodles]")]],
    ["a red packet", "hongbao", { text: "[红包]" }, [text("[red packet: [红包]]")]],
    ["a list", "list", { items: [{ text: "a" }, { children: [{ text: "b" }] }] }, [text("a\nb")]],
    ["the platform's own words", "system", { template: "{from_user} joined" }, []],
    ["a kind that nobody knows", "hologram", {}, [{ kind: "unsupported", type: "hologram" }]],
    ["a kind with a name of JavaScript's", "constructor", { text: "x" }, [{ kind: "unsupported", type: "constructor" }]],
    ["no kind at all", "", {}, [{ kind: "unsupported", type: "unknown" }]],
  ])("reads %s", (_title, type, content, parts) => {
    expect(read(type, content)).toEqual(parts);
  });

  it.each([
    ["takes out the bot's own mention with its blank", "@_user_1 hello", "hello"],
    ["keeps other people's names", "@_user_1 ask @_user_2, please", "ask @Li, please"],
    ["keeps a longer key whole", "@_user_10 and @_user_1", "@Wang and"],
    ["leaves a key alone that nobody listed", "@_user_11 hi", "@_user_11 hi"],
    ["names everybody", "@_all hi", "@all hi"],
    ["gives nothing for a mention and no words", "@_user_1", undefined],
  ])("%s", (_title, words, expected) => {
    expect(read("text", { text: words })).toEqual(expected === undefined ? [] : [text(expected)]);
  });

  it("does not take a name for a placeholder", () => {
    const mentions = [{ key: "@_user_1", openId: "ou_1", name: "@_user_2" }, { key: "@_user_2", openId: "ou_bot" }];
    expect(read("text", { text: "@_user_1 hi" }, mentions)).toEqual([text("@@_user_2 hi")]);
  });
});

describe("partsOf a post", () => {
  const paragraphs = [
    [{ tag: "at", user_id: "@_user_1", user_name: "Revka" }, { tag: "text", text: " see " }, { tag: "text", text: "this ", style: ["bold", "italic"] }, { tag: "a", text: "page", href: "https://a.b" }],
    [{ tag: "img", image_key: "i" }],
    [{ tag: "at", user_id: "@_user_2", user_name: "?" }, { tag: "emotion", emoji_type: "OK" }],
  ];
  const parts = [text("Title\nsee ***this*** [page](https://a.b)"), image("i"), text("@Li:OK:")];

  it.each<[string, Record<string, unknown>]>([
    ["flat, as events have it", { title: "Title", content: paragraphs }],
    ["by language, as it was written", { en_us: { title: "Other", content: [] }, zh_cn: { title: "Title", content: paragraphs } }],
    ["in a language of its own", { de_de: { title: "Title", content: paragraphs } }],
  ])("reads it %s (LARK-35)", (_title, content) => {
    expect(read("post", content)).toEqual(parts);
  });

  it("prefers the newer form of the text, and takes files from the older one (LARK-35)", () => {
    const content = { title: "", content: paragraphs, content_v2: [[{ tag: "md", text: '# New\n<at user_id="@_user_1">Revka</at> see\n- `x`' }]] };
    expect(read("post", content)).toEqual([text("# New\nsee\n- `x`"), image("i")]);
  });

  it.each<[string, Record<string, unknown>, readonly unknown[]]>([
    ["a struck-through and coded word", { tag: "text", text: "x", style: ["lineThrough", "codeInline", "underline"] }, [text("~~`x`~~")]],
    ["a bare link", { tag: "a", href: "https://a.b" }, [text("[https://a.b](https://a.b)")]],
    ["a link without an address", { tag: "a", text: "x" }, [text("x")]],
    ["a rule", { tag: "hr" }, [text("---")]],
    ["code, its fence longer than any within", { tag: "code_block", language: "JS", text: "a```b\n" }, [text("````js\na```b\n````")]],
    ["a film", { tag: "media", file_key: "f", image_key: "i" }, [file("video")]],
    ["somebody mentioned by an app", { tag: "at", user_id: "ou_9", user_name: "Zhao" }, [text("@Zhao")]],
    ["everybody", { tag: "at", user_id: "@_all" }, [text("@all")]],
    ["a node that nobody knows", { tag: "hologram", text: "words" }, [text("words")]],
  ])("reads %s", (_title, node, expected) => {
    expect(read("post", { content: [[node]] })).toEqual(expected);
  });

  it.each([[{}], [{ content: "x" }], [{ content: [null, [1, { tag: 5 }]] }], [{ zh_cn: 7 }]])("makes nothing of a damaged one: %j", (content) => {
    expect(read("post", content)).toEqual([]);
  });
});
