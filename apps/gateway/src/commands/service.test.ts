import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createTestHome, mochatSection } from "../config/config-folder.test-support.ts";
import type { ProgramResult, RunProgram } from "../service/run-program.ts";
import { createTestTerminal, type TestTerminal, type TestTerminalOptions } from "./command-io.test-support.ts";

/** A systemd that does what it is told, except where `answers` says otherwise, by the beginning of the command line. */
interface FakeSystemd {
  readonly calls: string[];
  readonly runProgram: RunProgram;
}

function createSystemd(answers: Readonly<Record<string, Partial<Extract<ProgramResult, { kind: "ended" }>> | "missing">> = {}): FakeSystemd {
  const calls: string[] = [];
  return {
    calls,
    runProgram: (program, args) => {
      const line = [program, ...args].join(" ");
      calls.push(line);
      const answer = Object.entries(answers).find(([start]) => line.startsWith(start))?.[1] ?? {};
      return Promise.resolve(answer === "missing" ? { kind: "missing" } : { kind: "ended", exitCode: 0, stdout: "", stderr: "", ...answer });
    },
  };
}

/** Nothing of the configuration comes from its environment unless a test says so. */
function open(systemd: FakeSystemd, { environment, ...options }: TestTerminalOptions = {}): TestTerminal {
  return createTestTerminal({ config: mochatSection(), runProgram: systemd.runProgram, environment: { REVKA_GATEWAY_PORT: undefined, ...environment }, ...options });
}

const unitOf = (terminal: TestTerminal): string => join(terminal.home.path, ".config/systemd/user/revka.service");
const ASK = "systemctl --user show --property=Version";

describe("revka service install", () => {
  it("writes the unit and enables it", async () => {
    const systemd = createSystemd();
    using terminal = open(systemd);
    await terminal.run("service", "install");
    const unit = readFileSync(unitOf(terminal), "utf8");
    expect(unit).toContain(`ExecStart="/usr/bin/node" "/opt/revka/dist/cli.js" "daemon"\n`);
    expect(unit).toContain(`ReadWritePaths="${terminal.home.path}/.revka"\n`);
    expect(systemd.calls).toEqual([ASK, "systemctl --user daemon-reload", "systemctl --user enable revka.service"]);
    expect(terminal.stdout).toContain("revka service start");
    expect(terminal.stdout).toContain("loginctl enable-linger");
    expect({ stderr: terminal.stderr, exitCode: terminal.exitCode }).toEqual({ stderr: "", exitCode: 0 });
  });

  it("only prints the unit with --dry-run", async () => {
    const systemd = createSystemd();
    using terminal = open(systemd, { config: "" });
    await terminal.run("service", "install", "--dry-run");
    expect(terminal.stdout).toMatch(/^\[Unit\]\n[^]*RestartPreventExitStatus=78\n[^]*WantedBy=default\.target\n$/);
    expect(systemd.calls).toEqual([]);
    expect(existsSync(unitOf(terminal))).toBe(false);
    expect(terminal.exitCode).toBe(0);
  });

  it("follows XDG_CONFIG_HOME and the operator's drain time", async () => {
    using home = createTestHome();
    const place = join(home.path, "xdg");
    using terminal = open(createSystemd(), { environment: { XDG_CONFIG_HOME: place }, config: `[channels_config]\ndrain_timeout_secs = 60\n${mochatSection()}` });
    await terminal.run("service", "install");
    expect(readFileSync(join(place, "systemd/user/revka.service"), "utf8")).toContain("TimeoutStopSec=75\n");
  });

  it("keeps to the configuration that it was given", async () => {
    using terminal = open(createSystemd());
    const file = terminal.home.write("elsewhere/my.toml", mochatSection());
    await terminal.run("service", "install", "--dry-run", "--config", file);
    expect(terminal.stdout).toContain(`"daemon" "--config" "${file}"\n`);
    expect(terminal.stdout).toContain(`ReadWritePaths="${terminal.home.path}/elsewhere"\n`);
  });

  it("names the variables that the service will not have", async () => {
    using terminal = open(createSystemd(), {
      config: mochatSection('api_token = "${MOCHAT_TOKEN}"', 'notification_target = "${IN_DOTENV}"'),
      environment: { MOCHAT_TOKEN: "planted-token", REVKA_CHANNELS_MOCHAT_POLL_INTERVAL_SECS: "9", UNRELATED: "x" },
    });
    terminal.home.write(".revka/workspace/.env", "IN_DOTENV=u-1\n");
    await terminal.run("service", "install");
    expect(terminal.stderr).toBe(
      `The service does not inherit MOCHAT_TOKEN, REVKA_CHANNELS_MOCHAT_POLL_INTERVAL_SECS, which the configuration takes from your environment: put them into ${terminal.home.path}/.revka/workspace/.env (NAME=value, chmod 600).\n`,
    );
  });

  it.each<[string, TestTerminalOptions, FakeSystemd, string, number]>([
    ["there is no systemd", {}, createSystemd({ systemctl: "missing" }), "There is no systemd here (systemctl was not found)", 1],
    ["it does not answer", {}, createSystemd({ [ASK]: { exitCode: 1, stderr: "Failed to connect to bus: No medium found\nmore\n" } }), "does not answer (Failed to connect to bus: No medium found). Log in as the user itself", 1],
    ["the configuration is wrong", { config: mochatSection('api_url = "x"') }, createSystemd(), "api_url: found", 78],
    ["what all channels share is wrong", { config: `[agent]\nkind = "x"\n${mochatSection()}` }, createSystemd(), "see `revka config check`", 78],
    ["the system is another one", { platform: "darwin" }, createSystemd(), "~/Library/LaunchAgents/dev.revka.gateway.plist", 1],
    ["the system is Windows", { platform: "win32" }, createSystemd(), "schtasks /Create", 1],
  ])("writes nothing and says what to do when %s", async (_title, options, systemd, text, code) => {
    using terminal = open(systemd, options);
    await terminal.run("service", "install");
    expect(terminal.stderr).toContain(text);
    expect(existsSync(unitOf(terminal))).toBe(false);
    expect(terminal.exitCode).toBe(code);
  });
});

describe("revka service", () => {
  async function installed(systemd: FakeSystemd): Promise<TestTerminal> {
    const terminal = open(systemd);
    await terminal.run("service", "install");
    systemd.calls.length = 0;
    return terminal;
  }

  it.each([
    ["start", "start revka.service", "Started."],
    ["restart", "restart revka.service", "Restarted."],
    ["stop", "stop revka.service", "Stopped."],
  ])("%ss what is installed", async (verb, call, text) => {
    const systemd = createSystemd();
    using terminal = await installed(systemd);
    await terminal.run("service", verb);
    expect(systemd.calls).toEqual([ASK, `systemctl --user ${call}`]);
    expect(terminal.stdout).toContain(text);
    expect(terminal.exitCode).toBe(0);
  });

  it("removes what it installed, and stops it", async () => {
    const systemd = createSystemd();
    using terminal = await installed(systemd);
    await terminal.run("service", "uninstall");
    expect(systemd.calls).toEqual([ASK, "systemctl --user disable --now revka.service", "systemctl --user daemon-reload"]);
    expect(existsSync(unitOf(terminal))).toBe(false);
    expect(existsSync(join(terminal.home.path, ".revka/config.toml"))).toBe(true);
  });

  it.each([["active", 0, "Service: running (pid 7, starts at login)"], ["failed", 1, "Service: not running (starts at login)"]])("says by its exit code whether it runs: %s", async (state, code, text) => {
    const systemd = createSystemd({ "systemctl --user show revka.service": { stdout: `ActiveState=${state}\nUnitFileState=enabled\nMainPID=7\n` } });
    using terminal = await installed(systemd);
    await terminal.run("service", "status");
    expect(terminal.stdout).toContain(text);
    expect(terminal.exitCode).toBe(code);
  });

  it("shows the journal", async () => {
    const systemd = createSystemd();
    using terminal = open(systemd);
    await terminal.run("service", "logs", "-n", "5", "--follow");
    await terminal.run("service", "logs");
    expect(systemd.calls).toEqual([
      "journalctl --user --unit revka.service --lines 5 --output cat --follow",
      "journalctl --user --unit revka.service --lines 100 --output cat --no-pager",
    ]);
  });

  it("tells what systemd says when it refuses", async () => {
    const systemd = createSystemd({ "systemctl --user start": { exitCode: 1, stderr: "Job failed.\n" } });
    using terminal = await installed(systemd);
    await terminal.run("service", "start");
    expect(terminal.stderr).toBe("revka: systemctl --user start revka.service failed: Job failed.\n");
    expect(terminal.exitCode).toBe(1);
  });

  it.each(["start", "stop", "restart", "status", "uninstall"])("says how to install what is not installed: %s", async (verb) => {
    using terminal = open(createSystemd());
    await terminal.run("service", verb);
    expect(terminal.stderr).toBe("The service is not installed. To install it: revka service install\n");
    expect(terminal.exitCode).toBe(1);
  });

  it("says that there is no journal where there is none", async () => {
    using terminal = open(createSystemd({ journalctl: "missing" }));
    await terminal.run("service", "logs");
    expect(terminal.stderr).toContain("journalctl was not found");
    expect(terminal.exitCode).toBe(1);
  });
});
