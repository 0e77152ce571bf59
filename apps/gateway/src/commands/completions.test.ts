import { execFileSync, spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { createTestTerminal } from "./command-io.test-support.ts";

async function scriptFor(shell: string): Promise<string> {
  using terminal = createTestTerminal();
  await terminal.run("completions", shell);
  expect({ exitCode: terminal.exitCode, stderr: terminal.stderr }).toEqual({ exitCode: 0, stderr: "" });
  return terminal.stdout;
}

const hasBash = spawnSync("bash", ["--version"]).status === 0;

describe("revka completions", () => {
  it.runIf(hasBash).each([
    ["commands", ["revka", "ch"], ["channel"]],
    ["subcommands", ["revka", "channel", "do"], ["doctor"]],
    ["subcommands after an option of the program", ["revka", "--log-level", "debug", "service", "st"], ["start", "stop", "status"]],
    ["options of a subcommand", ["revka", "channel", "doctor", "--sk"], ["--skip-visible"]],
    ["options of the program, everywhere", ["revka", "daemon", "--conf"], ["--config"]],
    ["the choices of an option", ["revka", "--log-level", "de"], ["debug"]],
    ["nothing for what is none", ["revka", "dance", "--nothing"], []],
  ])("completes %s in bash", async (_title, words, offered) => {
    const line = `COMP_WORDS=(${words.join(" ")}); COMP_CWORD=${words.length - 1}; _revka; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const output = execFileSync("bash", ["--norc", "-c", `${await scriptFor("bash")}\n${line}`], { encoding: "utf8" });
    expect(output.split("\n").filter((word) => word !== "")).toEqual(offered);
  });

  it("lets zsh use the same", async () => {
    const [first, ...rest] = (await scriptFor("zsh")).split("\n");
    expect(first).toBe("autoload -U +X bashcompinit && bashcompinit");
    expect(rest.join("\n")).toBe(await scriptFor("bash"));
  });

  it("describes every command and option to fish", async () => {
    const lines = (await scriptFor("fish")).split("\n");
    expect(lines).toContain("complete -c revka -n '__fish_seen_subcommand_from channel; and __fish_seen_subcommand_from doctor' -l skip-visible -d 'leave out checks that post something people see'");
    expect(lines).toContain("complete -c revka -l log-level -x -a 'error warn info debug trace' -d 'how much is logged'");
    expect(lines.find((line) => line.includes(" -a 'daemon' "))).toMatch(/^complete -c revka -n 'not __fish_seen_subcommand_from .*daemon.*' -f -a 'daemon' -d 'run the gateway as a service/);
    expect(lines.every((line) => line === "" || line.startsWith("complete -c revka "))).toBe(true);
  });

  it("ends with 2 for another shell", async () => {
    using terminal = createTestTerminal();
    await terminal.run("completions", "tcsh");
    expect(terminal.stderr).toContain("Allowed choices are bash, zsh, fish");
    expect(terminal.exitCode).toBe(2);
  });
});
