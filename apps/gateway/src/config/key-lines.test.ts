import { describe, expect, it } from "vitest";
import { findKeyLines, lineOf } from "./key-lines.ts";

const TEXT = `plugins = ["a"] # first
[channels_config]
queue_cap = 5

  [channels_config.mochat] # indented
api_url = "x"
"api token" = 'y'
note = """
[not.a.table]
neither = "a key"
"""
allowed_users = [
  "a=b",
]
inner.deep = 1
[ 'spaced' . "quoted" ]
key=1
[[list]]
item = 1
`;

describe("findKeyLines", () => {
  const lines = findKeyLines(TEXT);

  it.each([
    ["plugins", 1],
    ["channels_config", 2],
    ["channels_config.queue_cap", 3],
    ["channels_config.mochat", 5],
    ["channels_config.mochat.api_url", 6],
    ["channels_config.mochat.api token", 7],
    ["channels_config.mochat.allowed_users", 12],
    ["channels_config.mochat.inner.deep", 15],
    ["spaced.quoted.key", 17],
    ["list.item", 19],
  ])("finds %s", (path, line) => {
    expect(lineOf(lines, path)).toBe(line);
  });

  it("gives the table's line for a key that is not there", () => {
    expect(lineOf(lines, "channels_config.mochat.api_token")).toBe(5);
    expect(lineOf(lines, "agent.kind")).toBeUndefined();
  });

  it("takes nothing inside a multi-line string for a key", () => {
    expect([...lines.keys()]).not.toContain("not.a.table");
    expect([...lines.keys()]).not.toContain("channels_config.mochat.neither");
  });
});
