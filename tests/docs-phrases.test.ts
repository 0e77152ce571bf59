import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { readPage } from "./support/markdown.ts";
import { revka } from "./support/revka.ts";
import { isSaidBy, lettersIn, loggedTroubles, parseSources, textsIn } from "./support/source-texts.ts";

const PAGES = ["docs/guides/troubleshooting.md", "docs/guides/log-phrases.md"] as const;

const sources = parseSources();
const texts = sources.flatMap(textsIn);
const fillers: ReadonlySet<string> = new Set(texts.filter((text) => text.length === 1).map(([text = ""]) => text.trim()));

/** The phrases of a page: every code span in the first column of a table whose heading is "You see". */
function phrasesOf(page: string): readonly string[] {
  return [...readPage(page).matchAll(/^\| You see \|.*\n\|[ :|-]+\n((?:\|.*\n)+)/gm)].flatMap(([, rows = ""]) => rows.trim().split("\n")).flatMap(spansOfFirstCell);
}

function spansOfFirstCell(row: string): string[] {
  const [, cell = ""] = /^\| (.*?) \| /.exec(row) ?? [];
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, span = ""]) => span);
}

const isSaid = (phrase: string): boolean => texts.some((text) => isSaidBy(phrase, text, fillers));

/** The triage phrases of the gateway's sheet: what operators of the original search their logs for. */
function triagePhrases(): readonly string[] {
  const sheet = readFileSync(new URL("../docs/protocols/gateway.md", import.meta.url), "utf8");
  const [, table = ""] = /^\| Channel \| Healthy \| Denied \| Trouble \|\n\|[-|]+\n((?:\|.*\n)+)/m.exec(sheet) ?? [];
  return [...table.matchAll(/`([^`]+)`/g)].map(([, span = ""]) => span);
}

describe("the phrases that the documentation quotes", () => {
  it.each(PAGES)("are there to be looked up: %s", (page) => {
    const phrases = phrasesOf(page);
    expect(phrases.length).toBeGreaterThan(20);
    expect(phrases.filter((phrase) => lettersIn(phrase) < 7)).toEqual([]);
  });

  it.each(PAGES)("stand in the sources: %s", (page) => {
    expect(phrasesOf(page).filter((phrase) => !isSaid(phrase))).toEqual([]);
  });

  it("hold every sentence that is logged at warn or error", () => {
    const phrases = phrasesOf("docs/guides/log-phrases.md");
    const missing = sources.flatMap((source) =>
      loggedTroubles(source)
        .filter((text) => !phrases.some((phrase) => isSaidBy(phrase, text, fillers)))
        .map((text) => `${source.fileName}: ${text.join("…")}`),
    );
    expect(missing, "give each a row in docs/guides/log-phrases.md").toEqual([]);
  });
});

describe("the commands that the documentation names in passing", () => {
  const spans = ["troubleshooting", "log-phrases", "proxies", "security", "own-channel"].flatMap((page) => [...readPage(`docs/guides/${page}.md`).matchAll(/`revka ((?:[a-z]+ ?)+)/g)]);
  const commands = [...new Set(spans.map(([, words = ""]) => words.trim()))].toSorted();

  it.each(commands)("exist: revka %s", async (words) => {
    const { stdout } = await revka([...words.split(" "), "--help"]);
    const [, known = "", rest = ""] = /^Usage: revka ([a-z ]+?)(?: (\[options\].*))?$/m.exec(stdout) ?? [];
    // What comes behind a command are its arguments, where it takes any; an unknown command gets its parent's help.
    expect(/[<[](?!options|command)/.test(rest) ? words.slice(0, known.length) : words).toBe(known);
  });
});

describe("the triage phrases of the gateway's sheet", () => {
  const phrases = triagePhrases();

  it("are found there", () => {
    expect(phrases).toContain("Lark: WS connected");
    expect(phrases.length).toBeGreaterThan(15);
  });

  it.each(phrases.filter((phrase) => !phrase.startsWith("…")))("are what we log, and the page explains them: %s", (phrase) => {
    expect(isSaid(phrase) || isSaid(`${phrase} …`)).toBe(true);
    const [beginning = ""] = phrase.split("…");
    expect(phrasesOf("docs/guides/log-phrases.md").some((listed) => listed.startsWith(beginning))).toBe(true);
  });
});

describe("isSaidBy", () => {
  const known = new Set(["ping failed", "C2C"]);
  it.each<[string, string, readonly string[], boolean]>([
    ["the text itself", "a plain sentence", ["a plain sentence"], true],
    ["a part of it", "plain", ["a plain sentence"], true],
    ["a template with … for what is put in", "Channel … error: …; restarting", ["Channel ", " error: ", "; restarting"], true],
    ["its pieces in another order", "error: … Channel …", ["Channel ", " error: ", "; restarting"], false],
    ["a template that is filled in with words of ours", "Lark: ping failed, reconnecting", ["Lark: ", ", reconnecting"], true],
    ["one that is filled in with anything else", "Lark: gone fishing, reconnecting", ["Lark: ", ", reconnecting"], false],
    ["one that is filled in and open at its end", "QQ: ignoring C2C message from …", ["QQ: ignoring ", " message from ", ""], true],
    ["another sentence", "a plain lie", ["a plain sentence"], false],
    ["nothing but …", "…", ["a plain sentence"], false],
  ])("knows %s", (_title, phrase, text, expected) => {
    expect(isSaidBy(phrase, text, known)).toBe(expected);
  });
});
