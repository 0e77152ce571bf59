import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { createInterface } from "node:readline";
import { describe, expect, it, onTestFinished } from "vitest";
import { revka } from "./support/revka.ts";

const cli = fileURLToPath(new URL("../apps/gateway/src/cli.ts", import.meta.url));

describe("revka demo", () => {
  it("holds a conversation on every channel and ends with 0", async () => {
    const { exitCode, stdout, stderr } = await revka(["demo", "--once"]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout).toMatch(/DingTalk · Stream Mode WebSocket\n {2}staff-1 {2}› Hello! Is anybody there\?\n {2}bot {6}‹ Hello! Is anybody there\? +[\d.]+ m?s\n/);
    expect(stdout).toMatch(/ {2}in the group cid\S+\n {2}staff-2 {2}› Lists, too:\n[^‹]+ {2}bot {6}‹ Lists, too:\n/);
    expect(stdout).toMatch(/Mochat · HTTP polling\n {2}user-1 {3}› Hello! Is anybody there\?\n {2}bot {6}‹ Hello! Is anybody there\? +[\d.]+ m?s\n/);
    expect(stdout).toMatch(/WeCom · Outbound only \(Bot Webhook\)\n {2}revka {4}› Build 41 is green\./);
    expect(stdout).toMatch(/QQ · Bot gateway WebSocket\n {2}USER_1 {3}› Hello! Is anybody there\?\n {2}bot {6}‹ Hello! Is anybody there\? +[\d.]+ m?s\n/);
    expect(stdout).toMatch(/ {2}in the group GROUP_1\n {2}USER_2 {3}› Lists, too:\n[^‹]+ {2}bot {6}‹ Lists, too:\n/);
    expect(stdout).toMatch(/ {2}USER_1 {3}› picture\n {2}bot {6}‹ 🖼 {2}a file of \d+ bytes +[\d.]+ m?s\n/);
    expect(stdout).toContain("✓ Every channel answered.");
  }, 60_000);

  it("stays to be talked to until Ctrl+C, and leaves nothing behind", async () => {
    const demo = spawn(process.execPath, ["--conditions=@revka/source", cli, "demo"], { stdio: ["ignore", "pipe", "inherit"] });
    const ended = once(demo, "exit");
    onTestFinished(() => {
      demo.kill("SIGKILL");
    });
    const shown: string[] = [];
    for await (const line of createInterface(demo.stdout)) {
      shown.push(line);
      if (line.startsWith("Stop it:")) break;
    }
    const text = shown.join("\n");
    const url = /Sandbox {2}(\S+)/.exec(text)?.[1] ?? "";
    const folder = /Config {3}(\S+)\/config\.toml/.exec(text)?.[1] ?? "";
    expect(text).toContain("sandbox say mochat user-1 \"hello\"");
    expect(existsSync(folder)).toBe(true);

    const said = await revka(["sandbox", "say", "mochat", "user-9", "hello from another terminal", "--url", url]);
    expect(said).toMatchObject({ exitCode: 0, stdout: "hello from another terminal\n" });

    demo.kill("SIGINT");
    expect(await ended).toEqual([0, null]);
    expect(existsSync(folder)).toBe(false);
  }, 60_000);

  it("says what to do when nothing is there to talk to", async () => {
    const { exitCode, stderr } = await revka(["sandbox", "say", "mochat", "user-1", "hello", "--url", "http://127.0.0.1:1"]);
    expect(exitCode).toBe(1);
    expect(stderr).toBe("revka: no sandbox answers at http://127.0.0.1:1: start one with `revka sandbox`\n");
  });
});
