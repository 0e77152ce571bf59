import { once } from "node:events";
import { PassThrough } from "node:stream";
import { setImmediate } from "node:timers/promises";
import { startSandbox } from "@revka/sandbox";
import { describe, expect, it } from "vitest";
import { createTestTerminal } from "./command-io.test-support.ts";
import { runCli } from "./run-cli.ts";

describe("revka sandbox", () => {
  it("runs until it is stopped, and says how to point a gateway at it", async () => {
    using terminal = createTestTerminal();
    const printed = new PassThrough({ encoding: "utf8" });
    const io = { ...terminal.io, stdout: printed };
    const run = runCli(["sandbox", "--port", "0"], io);
    const [text] = (await once(printed, "data")) as [string];
    const url = /🧪 Revka sandbox on (http:\/\/127\.0\.0\.1:\d+)\n/.exec(text)?.[1] ?? "";
    expect(text).toContain(`   [channels_config.mochat]\n   api_url = "${url}/mochat"\n`);
    expect((await fetch(`${url}/control/`)).status).toBe(200);
    terminal.signals.emit("SIGINT");
    await run;
    expect(terminal.exitCode).toBe(0);
    await expect(fetch(`${url}/control/`)).rejects.toThrow();
  });

  it("says in one line when the port is taken", async () => {
    await using sandbox = await startSandbox();
    using terminal = createTestTerminal();
    await terminal.run("sandbox", "--port", new URL(sandbox.url).port);
    expect(terminal.stderr).toMatch(/^revka: cannot listen on 127\.0\.0\.1:\d+: another sandbox may be running.*\n$/);
    expect(terminal.exitCode).toBe(1);
  });
});

describe("revka sandbox that crashes", () => {
  it("tells what nobody caught, and ends with 1", async () => {
    using terminal = createTestTerminal();
    const stdout = { write: () => terminal.signals.emit("uncaughtException", new TypeError("surprise")) };
    await runCli(["sandbox", "--port", "0"], { ...terminal.io, stdout });
    expect(terminal.stderr).toContain("TypeError: surprise");
    expect(terminal.exitCode).toBe(1);
  });
});

describe("revka sandbox say", () => {
  it("writes as a user and prints the bot's answer, with the time it took", async () => {
    await using sandbox = await startSandbox();
    using terminal = createTestTerminal();
    const { token } = sandbox.mochat;
    const run = terminal.run("sandbox", "say", "mochat", "u1", "how are you?", "--url", sandbox.url);
    while (sandbox.mochat.transcript("u1").length === 0) await setImmediate();
    await fetch(`${sandbox.url}/mochat/api/message/send`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify({ toUserId: "u1", msgType: "text", content: { text: "fine" } }),
    });
    await run;
    expect(terminal.stdout).toBe("fine\n");
    expect(terminal.stderr).toMatch(/^\(answered in \d+ ms\)\n$/);
    expect(terminal.exitCode).toBe(0);
  });

  it.each([
    ["telegram", 'This sandbox has no platform "telegram". People can write on '],
    ["wecom", "On wecom a bot only sends: nobody can write to it. People can write on "],
  ])("names the platforms on which people can write, where they cannot on %s", async (platform, words) => {
    await using sandbox = await startSandbox();
    using terminal = createTestTerminal();
    await terminal.run("sandbox", "say", platform, "u1", "x", "--url", sandbox.url);
    expect(terminal.stderr.startsWith(words)).toBe(true);
    expect(terminal.stderr).toContain("mochat");
    expect(terminal.exitCode).toBe(2);
  });

  it("says in one line when there is no sandbox", async () => {
    await using sandbox = await startSandbox();
    await sandbox.close();
    using terminal = createTestTerminal();
    await terminal.run("sandbox", "say", "mochat", "u1", "x", "--url", sandbox.url);
    expect(terminal.stderr).toContain("start one with `revka sandbox`");
    expect(terminal.exitCode).toBe(1);
  });
});
