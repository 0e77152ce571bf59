import { parse } from "smol-toml";
import { describe, expect, it } from "vitest";
import type { Table } from "../config/table.ts";
import { editTable } from "./edit-table.ts";

const QQ = { app_id: "qq-app-id", app_secret: "s", allowed_users: ["a", "b"] };
const FILE = `# Mine, all mine
default_temperature = 0.7 # odd

[agent]
kind   =   "echo"   # spaced out
notes = """
[channels_config.qq]
"""

[channels_config]
message_timeout_secs = 300

# the bot of sales
[channels_config.qq]  # since May
app_id = "qq-app-id" # from the console
app_secret = "s"
allowed_users = [
  # the boss
  "a",
  "b", # and me
]

# what another program keeps here
[something.else]
when = 2024-01-01T10:00:00Z
big = 12345678901234567890123
x = { y = 1,   z = "s" }\u0020
`;
const PLAIN = FILE.replace(/^notes = """\n.*\n"""\n/m, "");

/** The lines that are not in both, as `diff` shows them. */
function changes(before: string, after: string): string[] {
  const [old, now] = [before.split("\n"), after.split("\n")];
  return [...old.filter((line) => !now.includes(line)).map((line) => `-${line}`), ...now.filter((line) => !old.includes(line)).map((line) => `+${line}`)];
}

function edit(text: string, section: string, content: Table | undefined): string {
  return editTable(text, ["channels_config", section], content) ?? "refused";
}

describe("editTable", () => {
  it("changes nothing when nothing is changed", () => {
    expect(edit(PLAIN, "qq", QQ)).toBe(PLAIN);
  });

  it("changes one value, and keeps its line's comment", () => {
    const edited = edit(PLAIN, "qq", { ...QQ, app_id: 'an "odd" id' });
    expect(changes(PLAIN, edited)).toEqual(['-app_id = "qq-app-id" # from the console', String.raw`+app_id = "an \"odd\" id" # from the console`]);
  });

  it("adds a key and an item, and keeps the comments inside a list", () => {
    const edited = edit(PLAIN, "qq", { ...QQ, allowed_users: ["a", "b", "c"], proxy_url: "direct" });
    expect(changes(PLAIN, edited)).toEqual(['+  "c",', '+proxy_url = "direct"']);
    expect(edited).toContain("# the boss");
  });

  it("adds a section at the end, and every byte before it stays", () => {
    const edited = edit(PLAIN, "mochat", { api_url: "https://x", allowed_users: ["*"], poll_interval_secs: 5 });
    expect(edited).toBe(`${PLAIN}\n[channels_config.mochat]\napi_url = "https://x"\nallowed_users = ["*"]\npoll_interval_secs = 5\n`);
  });

  it("adds a section with a table of its own", () => {
    const edited = edit("", "lark", { app_id: "a", transcription: { enabled: true } });
    expect(parse(edited)).toEqual({ channels_config: { lark: { app_id: "a", transcription: { enabled: true } } } });
    expect(edited).toMatch(/^\[channels_config\.lark\]\n/);
  });

  it("removes a section with its comments, and every other byte stays", () => {
    const edited = edit(PLAIN, "qq", undefined);
    const [before = "", after = ""] = [PLAIN.split("# the bot of sales")[0], PLAIN.split("# what another program")[1]];
    expect(edited).toBe(`${before}# what another program${after}`);
  });

  it("removes nothing where there is nothing", () => {
    expect(edit("# empty\n", "qq", undefined)).toBe("# empty\n");
  });

  it("keeps Windows line ends", () => {
    const file = PLAIN.replaceAll("\n", "\r\n");
    const edited = edit(edit(file, "mochat", { a: 1 }), "qq", { ...QQ, app_secret: "new" });
    expect(edited.replaceAll("\r\n", "")).not.toContain("\n");
    expect(edited.startsWith(file.slice(0, file.indexOf("app_secret")))).toBe(true);
  });

  it.each([
    ["inline", 'channels_config = { qq = { app_id = "x" } } # dense\n'],
    ["with dotted keys", 'channels_config.qq.app_id = "x" # dotted\n[agent]\nkind = "echo"\n'],
  ])("changes a section that is written %s", (_title, file) => {
    const edited = edit(file, "qq", { app_id: "y", app_secret: "z" });
    expect(parse(edited)).toMatchObject({ channels_config: { qq: { app_id: "y", app_secret: "z" } } });
    expect(edited).toContain(file.slice(file.indexOf("#"), file.indexOf("\n")));
  });

  it("is not deceived by a header inside a string: it does what was asked for, or nothing", () => {
    expect(parse(edit(FILE, "qq", { ...QQ, app_id: "new" }), { integersAsBigInt: "asNeeded" })).toMatchObject({
      agent: { notes: "[channels_config.qq]\n" },
      channels_config: { qq: { app_id: "new" } },
    });
  });

  it("changes a table of another place", () => {
    expect(editTable(PLAIN, ["agent"], { kind: "webhook" })).toBe(PLAIN.replace('"echo"', '"webhook"'));
    expect(editTable("", ["log"], { level: "debug" })).toBe('[log]\nlevel = "debug"\n');
  });
});
