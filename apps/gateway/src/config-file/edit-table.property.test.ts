import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Table } from "../config/table.ts";
import { editTable, tableAt } from "./edit-table.ts";
import { parseToml } from "./toml.ts";

const PATH = ["channels_config", "qq"] as const;

const word = fc.stringMatching(/^[a-z][a-z0-9_]{0,8}$/);
const text = fc.string({ unit: fc.constantFrom("a", " ", "é", "中", "😀", '"', "\\", "#", "[", "]", "=", ",", "'"), maxLength: 8 });
const scalar = fc.oneof(text.map((value) => JSON.stringify(value)), fc.integer().map(String), fc.boolean().map(String), fc.constantFrom("1.50", "0x1F", "2026-11-30T10:00:00Z", "'literal \\ [x]'", "inf"));
const blanks = fc.constantFrom("", " ", "   ", "\t");
const comment = text.map((words) => `# ${words.replaceAll("\\", "")}`);
const ending = fc.oneof({ weight: 3, arbitrary: fc.constant("") }, comment.map((words) => ` ${words}`), fc.constant("  "));

/** `key = value`, spaced as people space, perhaps with a comment. */
function assignment(key: string): fc.Arbitrary<string> {
  const list = fc.array(scalar, { minLength: 1, maxLength: 3 }).map((items) => `[\n  # inside\n${items.map((item) => `  ${item},\n`).join("")}]`);
  const inline = scalar.map((value) => `{ x = ${value},   y = 1 }`);
  const multiline = fc.constantFrom('"""\nwords\n# no comment\n"""', "'''\nmore = 1\n'''");
  return fc.tuple(blanks, blanks, fc.oneof({ weight: 4, arbitrary: scalar }, list, inline, multiline), ending).map(([left, right, value, end]) => `${key}${left}=${right}${value}${end}`);
}

/** Tables of others, in whatever shape they like. */
const stranger = fc
  .uniqueArray(word, { minLength: 1, maxLength: 4 })
  .chain((keys) => fc.tuple(word, fc.constantFrom("plain", "dotted", "array"), fc.tuple(...keys.map(assignment)), comment, ending))
  .map(([name, shape, lines, words, end]) => ({ name, text: `${words}\n${shape === "array" ? `[[other_${name}]]` : shape === "dotted" ? `[ other_${name} . deep ]` : `[other_${name}]`}${end}\n${lines.join("\n")}\n\n` }));
const strangers = fc.uniqueArray(stranger, { maxLength: 3, selector: ({ name }) => name }).map((all) => all.map(({ text: block }) => block).join(""));

/** What a channel's section may hold. */
const content = fc.dictionary(
  fc.constantFrom("app_id", "app_secret", "proxy_url", "mention_only", "port", "allowed_users"),
  fc.oneof(text, fc.boolean(), fc.nat(65_535), fc.array(text, { maxLength: 3 })),
  { noNullPrototype: true },
);

const file = fc.record({ before: strangers, section: content, note: comment.map((words) => words.trimEnd()), after: strangers });

/** The section as our own hand writes it, with a comment at its header. */
function sectionText(section: Table, note: string): string {
  const lines = Object.entries(section).map(([key, value]) => `${key} = ${JSON.stringify(value)}`);
  return `[channels_config.qq] ${note}\n${lines.map((line) => `${line}\n`).join("")}\n`;
}

/** `after` has other names than `before`: no table may stand in a file twice. */
function renamed(after: string): string {
  return after.replaceAll("other_", "further_");
}

describe("editTable, whatever else stands in the file", () => {
  it("leaves every byte before and after the section as it was, and has the section say what was asked for", () => {
    fc.assert(
      fc.property(file, content, ({ before, section, note, after }, wanted) => {
        const edited = editTable(before + sectionText(section, note) + renamed(after), PATH, wanted);
        if (edited === undefined) throw new RangeError("refused");
        expect(edited.startsWith(`${before}[channels_config.qq] ${note}\n`)).toBe(true);
        expect(edited.endsWith(renamed(after))).toBe(true);
        expect(tableAt(parseToml(edited), PATH)).toEqual(wanted);
      }),
      { numRuns: 300 },
    );
  });

  it("adds a section behind all of it, and takes it away again without a trace", () => {
    fc.assert(
      fc.property(strangers, content, (before, wanted) => {
        const added = editTable(before, PATH, wanted);
        if (added === undefined) throw new RangeError("refused");
        expect(added.startsWith(before)).toBe(true);
        expect(editTable(added, PATH, undefined)?.trimEnd()).toBe(before.trimEnd());
      }),
      { numRuns: 300 },
    );
  });
});
