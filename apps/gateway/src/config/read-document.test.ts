import { chmodSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createTestHome, loadText, mochatSection } from "./config-folder.test-support.ts";
import { locateConfig } from "./locate.ts";
import { readDocument } from "./read-document.ts";

describe("readDocument", () => {
  it("tells how to begin when there is no file, and starts nothing", async () => {
    const config = await loadText(undefined);
    expect(config).toMatchObject({ hasFile: false, isBlocked: true });
    expect(config.problems).toMatchObject([{ section: "", key: "", found: "no file", hint: expect.stringContaining("[channels_config.<name>]") as string }]);
  });

  it("tells line and column of broken TOML, but never the line itself", async () => {
    const config = await loadText('[channels_config.mochat]\napi_token = "my-secret-token\n');
    expect(config.isBlocked).toBe(true);
    expect(config.problems).toMatchObject([{ line: 2, found: expect.stringMatching(/^text that is no TOML, at column \d+ \(.+\)$/) as string }]);
    expect(JSON.stringify(config.problems)).not.toContain("my-secret");
  });

  it.each([
    ["an empty file", ""],
    ["a byte order mark", `\uFEFF${mochatSection()}`],
    ["Windows line ends", mochatSection().replaceAll("\n", "\r\n")],
  ])("reads %s", async (_title, text) => {
    expect((await loadText(text)).problems).toEqual([]);
  });

  it("tells when the file cannot be read or is far too large", async () => {
    using home = createTestHome();
    mkdirSync(join(home.path, ".revka/config.toml"), { recursive: true });
    const place = locateConfig({ environment: {}, home: home.path });
    expect(readDocument(place, {}).problems).toMatchObject([{ found: "a file that cannot be read (EISDIR)" }]);
    expect((await loadText(`# ${"x".repeat(1024 * 1024)}`)).problems).toMatchObject([{ found: expect.stringContaining("larger than") as string }]);
  });

  it.each([0o640, 0o604])("warns of a file of mode %o, which others may read", (mode) => {
    using home = createTestHome();
    const file = home.write(".revka/config.toml", "");
    chmodSync(file, mode);
    const { warnings } = readDocument(locateConfig({ environment: {}, home: home.path }), {});
    expect(warnings).toEqual([`${file} holds secrets and others may read it: run chmod 600 ${file}`]);
  });

  it("keeps integers beyond 2^53 exact, so that ids stay ids", async () => {
    const config = await loadText(mochatSection("allowed_users = [9007199254740993]"));
    expect(config.sections.get("mochat")?.allowedUsers).toEqual(["9007199254740993"]);
  });
});
