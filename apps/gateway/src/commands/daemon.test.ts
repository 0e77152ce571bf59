import { readdirSync } from "node:fs";
import { createContext, TransientError } from "@revka/core";
import { describe, expect, it } from "vitest";
import { mochatSection } from "../config/config-folder.test-support.ts";
import { createIdleGateway, createTestTerminal, type TestTerminal, type TestTerminalOptions } from "./command-io.test-support.ts";

const LARK = '[channels_config.lark]\napp_id = "cli_x"\napp_secret = "xxx"\n';
const CONFIG = `${mochatSection('api_token = "planted-secret-token"')}\n${LARK}`;

/** A terminal whose gateways call `onStart` when they run. */
function terminalWith(onStart: (terminal: TestTerminal) => void, options: TestTerminalOptions = {}): TestTerminal {
  const terminal: TestTerminal = createTestTerminal({ config: CONFIG, createGateway: (given) => createIdleGateway(given, { onStart: () => onStart(terminal) }), ...options });
  return terminal;
}

const interrupt = ({ signals }: TestTerminal): unknown => signals.emit("SIGTERM");

describe("revka daemon", () => {
  it("runs the gateway in the config folder until SIGTERM, and ends with 0", async () => {
    using terminal = terminalWith(interrupt);
    await terminal.run("daemon");
    expect(terminal.stdout.replace(/:\d+\n/, ":<port>\n")).toBe("🧠 Revka daemon started\n   Gateway:  http://127.0.0.1:<port>\n   Components: agent (echo), channels (mochat)\n   Ctrl+C or SIGTERM to stop\n");
    expect(terminal.gateways).toMatchObject([{ folder: `${terminal.home.path}/.revka`, settings: { agent: { kind: "echo" } } }]);
    expect(terminal.exitCode).toBe(0);
    expect(terminal.signals.eventNames()).toEqual([]);
  });

  it("logs the start, every skipped channel and the stop, and no secret (GW-42)", async () => {
    using terminal = terminalWith(interrupt);
    await terminal.run("daemon");
    const lines = terminal.stderr.trim().split("\n").map((line) => JSON.parse(line) as { level: string; msg: string });
    expect(lines.map(({ level, msg }) => `${level} ${msg.replace(/\. Running program: \/opt.*/, "")}`)).toEqual([
      "info Config loaded",
      "warn Lark/Feishu channel support is disabled in this build (enable channel-lark); not starting [channels_config.lark]",
      "info Channel configured",
      "info Stopping",
      "info Stopped",
    ]);
    expect(terminal.stderr).not.toContain("planted-secret");
  });

  it("drains on the first signal and ends at once with 130 on the second", async () => {
    let exitedWhileDraining: unknown;
    const draining: TestTerminal = createTestTerminal({
      config: CONFIG,
      createGateway: (given) =>
        createIdleGateway(given, {
          onStart: () => draining.signals.emit("SIGINT"),
          stop: () => {
            draining.signals.emit("SIGINT");
            exitedWhileDraining = draining.exitedWith;
            return Promise.resolve();
          },
        }),
    });
    using terminal = draining;
    await terminal.run("daemon");
    expect(exitedWhileDraining).toBe(130);
  });

  it("reads its configuration again on SIGHUP, and goes on", async () => {
    const terminal: TestTerminal = createTestTerminal({
      config: CONFIG,
      createGateway: (given) =>
        createIdleGateway(given, {
          onStart: () =>
            setImmediate(() => {
              terminal.home.write(".revka/config.toml", mochatSection("poll_interval_secs = 9"));
              terminal.signals.emit("SIGHUP");
            }),
          reconfigure: async ({ leaving, createChannels }) => {
            const { channels } = await createChannels((instance) => createContext(instance));
            expect({ leaving, coming: channels.map(({ name }) => name) }).toEqual({ leaving: ["mochat"], coming: ["mochat"] });
            terminal.signals.emit("SIGTERM");
          },
        }),
    });
    using _terminal = terminal;
    await terminal.run("daemon");
    expect(terminal.stderr).toContain("Configuration applied");
    expect(terminal.exitCode).toBe(0);
  });

  it.each([
    ["something nobody caught", {}, ({ signals }: TestTerminal) => signals.emit("uncaughtException", new TypeError("surprise"))],
    ["a gateway that does not start", {}, () => { throw new TransientError("no database"); }],
    ["a gateway that cannot go on", { closed: () => Promise.reject(new TransientError("disk gone")) }, () => undefined],
  ])("logs %s, drains and ends with 1", async (_title, hooks, onStart) => {
    const made: TestTerminal = createTestTerminal({ config: CONFIG, createGateway: (given) => createIdleGateway(given, { ...hooks, onStart: () => onStart(made) }) });
    using terminal = made;
    await terminal.run("daemon");
    expect(terminal.stderr).toContain("The gateway cannot go on; stopping");
    expect(terminal.exitedWith).toBe(1);
  });

  it("ends with 1 and one line when the folder is another gateway's", async () => {
    using terminal = createTestTerminal({ config: CONFIG, createGateway: () => Promise.reject(new TransientError("Another revka is already running on /x")) });
    await terminal.run("daemon");
    expect(terminal.stderr.trim().split("\n").at(-1)).toBe("revka: Another revka is already running on /x");
    expect(terminal.exitCode).toBe(1);
  });

  it.each([
    ["no file", undefined, "There is no configuration yet: "],
    ["nothing valid", mochatSection('api_url = "x"'), "api_url: found"],
    ["only channels whose package is not here", LARK, "Lark/Feishu channel support is disabled in this build (enable channel-lark)"],
    ["a setting that all share is wrong", `[agent]\nkind = "x"\n${CONFIG}`, "[agent] kind: found"],
  ])("starts nothing and ends with 78: %s", async (_title, config, text) => {
    using terminal = createTestTerminal(config === undefined ? {} : { config });
    await terminal.run("daemon");
    expect(terminal.stderr).toContain(text);
    expect(terminal.gateways).toEqual([]);
    expect(terminal.exitCode).toBe(78);
  });

  it("creates nothing where there is no configuration", async () => {
    using terminal = createTestTerminal();
    await terminal.run("daemon");
    expect(readdirSync(terminal.home.path)).toEqual([]);
  });

  it("starts the channels that are right, next to one that is not", async () => {
    using terminal = terminalWith(interrupt, { config: `${mochatSection()}\n[channels_config.wecom]\n` });
    await terminal.run("daemon");
    expect(terminal.stdout).toContain("channels (mochat)");
    expect(terminal.stderr).toContain("[channels_config.wecom] webhook_key: found nothing");
    expect(terminal.exitCode).toBe(0);
  });

  it("takes its log level from --log-level, wherever it stands", async () => {
    using terminal = terminalWith(interrupt);
    await terminal.run("daemon", "--log-level", "error");
    expect(terminal.stderr).toBe("");
  });
});

describe("revka channel start", () => {
  it("shows what runs", async () => {
    using terminal = terminalWith(interrupt);
    await terminal.run("channel", "start");
    expect(terminal.stdout).toBe(
      [
        "🦊 Revka Channel Server",
        "  🤖 Agent:    echo",
        "  📡 Channels: mochat",
        "  Listening for messages... (Ctrl+C to stop)",
        "  🚦 In-flight message limit: 8",
        "",
      ].join("\n"),
    );
  });

  it("shows the operator's own limit", async () => {
    using terminal = terminalWith(interrupt, { config: `[channels_config]\nmax_in_flight = 3\n${CONFIG}` });
    await terminal.run("channel", "start");
    expect(terminal.stdout).toContain("In-flight message limit: 3\n");
  });

  it.each([["channel start", ["channel", "start"], 1], ["daemon", ["daemon"], 78]] as const)("says so when nothing is configured: %s", async (_title, args, code) => {
    using terminal = createTestTerminal({ config: "" });
    await terminal.run(...args);
    expect(terminal.stdout).toContain("No channels configured. Run revka onboard to set up channels.\n");
    expect(terminal.stdout).toContain("To begin:\n");
    expect(terminal.exitCode).toBe(code);
  });
});
