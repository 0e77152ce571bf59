import { describe, expect, it } from "vitest";
import { loadText } from "./config-folder.test-support.ts";
import { problemLine, reportText } from "./report.ts";

const problem = { file: "/etc/revka/config.toml", section: "channels_config.mochat", key: "poll_interval_secs", found: 'a string ("5")', allowed: "a number of at least 1" };

describe("problemLine", () => {
  it.each([
    ["a key", { ...problem, line: 12 }, 'config.toml:12  [channels_config.mochat] poll_interval_secs: found a string ("5"), allowed is a number of at least 1'],
    ["a hint", { ...problem, hint: "set by X" }, 'config.toml  [channels_config.mochat] poll_interval_secs: found a string ("5"), allowed is a number of at least 1; set by X'],
    ["a whole table", { ...problem, key: "", line: 1 }, 'config.toml:1  [channels_config.mochat]: found a string ("5"), allowed is a number of at least 1'],
    ["a top-level key", { ...problem, section: "", key: "plugins" }, 'config.toml  plugins: found a string ("5"), allowed is a number of at least 1'],
    ["the whole file", { ...problem, section: "", key: "" }, 'config.toml  found a string ("5"), allowed is a number of at least 1'],
  ])("says where and what: %s", (_title, given, expected) => {
    expect(problemLine(given)).toBe(expected);
  });
});

describe("reportText", () => {
  it("tells six different mistakes at once", async () => {
    const { file, problems } = await loadText(
      [
        "[channels_config]",
        "queue_cap = 0",
        "[channels_config.mochat]",
        'api_url = "mochat.example.com"',
        'poll_interval_secs = "5"',
        "[channels_config.wecom]",
        'webhook_key = "${WECOM_KEY}"',
        "[agent]",
        'kind = "oracle"',
        "",
      ].join("\n"),
    );
    expect(reportText(file, problems)).toBe(
      [
        `6 problems in ${file}:`,
        "  config.toml:2  [channels_config] queue_cap: found a number (0), allowed is a whole number from 1 to 10000",
        "  config.toml:3  [channels_config.mochat] api_token: found nothing, allowed is a non-empty string",
        '  config.toml:4  [channels_config.mochat] api_url: found a string ("mochat.example.com"), allowed is an absolute http or https URL without user, query or fragment',
        '  config.toml:5  [channels_config.mochat] poll_interval_secs: found a string ("5"), allowed is a number from 1 to 86400',
        "  config.toml:7  [channels_config.wecom] webhook_key: found a reference to WECOM_KEY, which is not set, allowed is a reference to a variable that is set",
        '  config.toml:9  [agent] kind: found a string ("oracle"), allowed is "echo"',
      ].join("\n"),
    );
  });

  it("counts one problem as one", () => {
    expect(reportText("/x/config.toml", [problem])).toMatch(/^1 problem in \/x\/config\.toml:\n {2}config\.toml/);
  });
});
