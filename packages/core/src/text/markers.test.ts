import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { attachmentKindOf, escapeMarkers, parseMarkers, writeMarker, type Marker, type MarkerKind } from "./markers.ts";

const KINDS: readonly MarkerKind[] = ["IMAGE", "PHOTO", "VIDEO", "VOICE", "AUDIO", "FILE", "DOCUMENT", "ATTACHMENT"];
const markersOf = (text: string): Marker[] => parseMarkers(text).filter((segment) => typeof segment !== "string");
const file = (target: string): Marker => ({ kind: "FILE", target });

/** Text that is likely to hold markers, code and what lies between them. */
const piece = fc.oneof(
  fc.constantFrom("[", "]", ":", "`", "``", "```", "\n", "\n\n", " ", "\r", "\0", "\u200b", ...KINDS, "image", "a.png"),
  fc.string({ maxLength: 5 }),
);
const trickyText = fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join(""));

describe("parseMarkers", () => {
  it.each([
    ["nothing in nothing", "", []],
    ["plain text as it is", "no [marker] here: [x]", ["no [marker] here: [x]"]],
    ["text around markers, in order", "see [FILE:a.png] and [FILE:b.pdf]!", ["see ", file("a.png"), " and ", file("b.pdf"), "!"]],
    ["neighbours without a gap", "[FILE:a][FILE:b]", [file("a"), file("b")]],
    ["keywords in any case", "[Voice:a.mp3]", [{ kind: "VOICE", target: "a.mp3" }]],
    ["a trimmed target", "[FILE:  a b.txt ]", [file("a b.txt")]],
    ["nested brackets", "[FILE:a [1] [2[3]].txt]", [file("a [1] [2[3]].txt")]],
    ["an outer marker over an inner one", "[FILE:a [IMAGE:b]]", [file("a [IMAGE:b]")]],
    ["an inner marker in other brackets", "[see [FILE:a]]", ["[see ", file("a"), "]"]],
    ["a marker in one that is never closed", "[FILE:a [FILE:b]", ["[FILE:a ", file("b")]],
    ["targets with colons", "[IMAGE:https://example.com/a.png?b=[c]]", [{ kind: "IMAGE", target: "https://example.com/a.png?b=[c]" }]],
  ])("gives %s", (_title, text, segments) => {
    expect(parseMarkers(text)).toEqual(segments);
  });

  it.each([
    ["an empty target", "[FILE:]"],
    ["a blank target", "[FILE:  ]"],
    ["an unknown keyword", "[SONG:a.mp3]"],
    ["a longer word", "[FILES:a]"],
    ["a blank in front", "[ FILE:a]"],
    ["no closing bracket", "[FILE:a"],
    ["a target over two lines", "[FILE:a\nb]"],
    ["inline code", "`[FILE:a]`"],
    ["inline code over a line end", "``a ` b\n[FILE:a]``"],
    ["fenced code", "```\n[FILE:a]\n```"],
    ["a fence of tildes that is never closed", "~~~\n[FILE:a]\n"],
  ])("takes %s for plain text", (_title, text) => {
    expect(parseMarkers(text)).toEqual([text]);
  });

  it.each([
    ["after inline code", "`a` [FILE:b] `c`"],
    ["between runs of other lengths", "` [FILE:b] ``"],
    ["between runs in two paragraphs", "a `\n \n[FILE:b] `"],
    ["between two runs that a fence parts", "`\n```\ncode\n```\n[FILE:b] `"],
    ["after a closed fence", "```\na\n```\n[FILE:b]"],
    ["with back-ticks in front of a later run", "``` a `` [FILE:b]"],
  ])("finds a marker %s", (_title, text) => {
    expect(markersOf(text)).toEqual([file("b")]);
  });

  it("loses nothing of a text without markers, and reads very many brackets in one pass", () => {
    const text = "[FILE:".repeat(100_000);
    expect(parseMarkers(text)).toEqual([text]);
    expect(parseMarkers(`${text}a]`)).toEqual(["[FILE:".repeat(99_999), file("a")]);
    expect(parseMarkers("`a`".repeat(200_000))).toHaveLength(1);
  });
});

describe("escapeMarkers", () => {
  it.each([
    ["a marker", "[IMAGE:/etc/passwd]", "(IMAGE:/etc/passwd]"],
    ["every marker, in any case", "[image:a] [Document:b]", "(image:a] (Document:b]"],
    ["a keyword alone", "[FILE", "(FILE"],
    ["a marker behind blanks and invisible characters", "[ \u200bFILE:a]", "( \u200bFILE:a]"],
    ["a marker in code", "`[FILE:a]`", "`(FILE:a]`"],
    ["nested markers", "[[FILE:[VIDEO:a]]]", "[(FILE:(VIDEO:a]]]"],
    ["control characters", "a\0b\u001b[31mc\u0085d\r\ne\tf", "a b [31mc d \ne\tf"],
    ["a control character inside a marker", "[\u0007FILE:a]", "( FILE:a]"],
  ])("makes %s harmless (M-1, M-3)", (_title, text, escaped) => {
    expect(escapeMarkers(text)).toBe(escaped);
  });

  it("leaves other brackets alone (M-1)", () => {
    expect(escapeMarkers("[x] [filed] [images](a) [1]\t\n")).toBe("[x] [filed] [images](a) [1]\t\n");
  });

  it("leaves no marker in any text, and nothing to do for a second pass (M-1)", () => {
    fc.assert(
      fc.property(trickyText, (text) => {
        const escaped = escapeMarkers(text);
        expect(markersOf(escaped)).toEqual([]);
        expect(markersOf(escaped.replaceAll("`", "").replaceAll("~", ""))).toEqual([]);
        expect(escapeMarkers(escaped)).toBe(escaped);
        expect(escaped).toHaveLength(text.length);
      }),
      { numRuns: 1000 },
    );
  });
});

describe("writeMarker", () => {
  it.each([
    ["a path as it is", "a [1].png", "[FILE:a [1].png]"],
    ["a name that closes too early", "a].png", "[FILE:a).png]"],
    ["a name that hides a marker", "a [IMAGE:b].png", "[FILE:a (IMAGE:b).png]"],
    ["line ends and tabs as spaces", "a\nb\tc", "[FILE:a b c]"],
    ["no target as plain text", " ", "[FILE:]"],
  ])("writes %s", (_title, target, marker) => {
    expect(writeMarker("FILE", target)).toBe(marker);
  });

  it("writes what parseMarkers reads: one marker for any target, and the same target when it is a plain one", () => {
    fc.assert(
      fc.property(trickyText, fc.constantFrom(...KINDS), (text, kind) => {
        const target = text.replaceAll(/[`~]/g, "").trim();
        fc.pre(escapeMarkers(target).trim() !== "");
        const markers = markersOf(`before ${writeMarker(kind, target)} after`);
        expect(markers).toHaveLength(1);
        expect(markers[0]?.kind).toBe(kind);
        if (!/[[\]\p{Cc}]/u.test(target)) expect(markers[0]?.target).toBe(target);
      }),
      { numRuns: 1000 },
    );
  });
});

describe("attachmentKindOf", () => {
  it("knows every kind", () => {
    expect(KINDS.map(attachmentKindOf)).toEqual(["image", "image", "video", "audio", "audio", "file", "file", "file"]);
  });
});
