import { describe, expect, it } from "vitest";
import { createTestTerminal } from "./command-io.test-support.ts";

describe("revka", () => {
  it.each([["--version"], ["-V"]])("prints versions and which channel packages are here: %s", async (flag) => {
    using terminal = createTestTerminal({ modules: { "@revka/channel-qq/definition": new TypeError("broken") } });
    await terminal.run(flag);
    expect(terminal.stdout).toBe(
      [
        `revka ${/revka (\S+)/.exec(terminal.stdout)?.[1] ?? ""} (Node ${process.version})`,
        "  @revka/channel-lark      not installed",
        "  @revka/channel-dingtalk  not installed",
        "  @revka/channel-wecom     installed",
        "  @revka/channel-qq        does not load",
        "  @revka/channel-mochat    installed",
        "",
      ].join("\n"),
    );
    expect(terminal.exitCode).toBe(0);
  });

  it("prints its help, for every command", async () => {
    using terminal = createTestTerminal();
    await terminal.run("--help");
    expect(terminal.exitCode).toBe(0);
    for (const command of ["daemon", "channel", "config", "sandbox", "demo"]) expect(terminal.stdout).toContain(`  ${command}`);
  });

  it.each([
    ["nothing at all", [], "Usage: revka"],
    ["a command that is none", ["dance"], "error: unknown command 'dance'"],
    ["an option that is none", ["daemon", "--fast"], "error: unknown option '--fast'"],
    ["a level that is none", ["--log-level", "loud", "daemon"], "Allowed choices are error, warn, info, debug, trace"],
    ["a send without its channel", ["channel", "send", "hi"], "required option '--channel-id <name>' not specified"],
    ["a port that is none", ["sandbox", "--port", "99999"], "A port is a whole number from 0 to 65535."],
  ])("ends with 2 for %s", async (_title, args, text) => {
    using terminal = createTestTerminal();
    await terminal.run(...args);
    expect(terminal.stderr).toContain(text);
    expect(terminal.exitCode).toBe(2);
  });
});
