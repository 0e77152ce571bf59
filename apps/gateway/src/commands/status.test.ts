import { createStatusRecorder, type ChannelState } from "@revka/core";
import { describe, expect, it } from "vitest";
import { mochatSection } from "../config/config-folder.test-support.ts";
import type { GatewaySnapshot } from "../gateway-options.ts";
import { createIdleGateway, createTestTerminal, type TestTerminal } from "./command-io.test-support.ts";

const CONFIG = `${mochatSection('api_url = "http://127.0.0.1:1"')}\n[channels_config.wecom]\n`;

/** How the one channel of a daemon stands. */
interface Standing {
  readonly state?: ChannelState;
  readonly error?: string;
}

/** Runs `then` while a daemon runs on the terminal's folder. */
async function whileRunning(then: (terminal: TestTerminal) => Promise<void>, { state = "connected", error }: Standing = {}): Promise<void> {
  const snapshotOf = (terminal: TestTerminal): GatewaySnapshot => {
    const recorder = createStatusRecorder(terminal.io.clock);
    recorder.set(state, error);
    return { state: "running", isDegraded: false, unfinished: 0, thinking: 0, channels: [{ name: "mochat", displayName: "Mochat", status: recorder.snapshot() }] };
  };
  const made: TestTerminal = createTestTerminal({
    config: CONFIG,
    createGateway: async (options) => ({
      ...(await createIdleGateway(options)),
      async start() {
        await then(made);
        made.signals.emit("SIGTERM");
      },
      snapshot: () => snapshotOf(made),
    }),
  });
  using terminal = made;
  await terminal.run("daemon");
  expect(terminal.exitCode, terminal.stderr).toBe(0);
}

describe("revka status", () => {
  it("tells what is configured when nothing runs", async () => {
    using terminal = createTestTerminal({ config: CONFIG });
    await terminal.run("status");
    expect(terminal.stdout).toContain("Daemon:    not running\n\nChannels:\n");
    expect(terminal.stdout).toContain("  ✅ Mochat           configured\n");
    expect(terminal.stdout).toContain("  ❌ WeCom            not configured (webhook_key: found nothing)\n");
    expect(terminal.exitCode).toBe(0);
  });

  it("tells how the daemon stands that runs", async () => {
    await whileRunning(async (terminal) => {
      await terminal.run("status");
      expect(terminal.stdout).toMatch(/Daemon: {4}running \(pid \d+, up \d+ s, http:\/\/127\.0\.0\.1:\d+\)/);
      expect(terminal.stdout).toContain("  ✅ Mochat           configured, ok\n");
    });
  });

  it("tells why a channel is not well, as JSON too, and no secret", async () => {
    await whileRunning(async (terminal) => {
      await terminal.run("status");
      expect(terminal.stdout).toContain("  ✅ Mochat           configured, error (401 for ***)\n");
      const before = terminal.stdout.length;
      await terminal.run("status", "--json");
      const { daemon, channels } = JSON.parse(terminal.stdout.slice(before)) as { daemon: unknown; channels: unknown[] };
      expect(daemon).toMatchObject({ pid: process.pid });
      expect(channels).toContainEqual({ name: "mochat", displayName: "Mochat", isConfigured: true, live: "error", error: "401 for ***" });
    }, { state: "backoff", error: "401 for mochat-api-token" });
  });

  it("tells what a channel has to say although it is connected", async () => {
    await whileRunning(async (terminal) => {
      await terminal.run("status");
      expect(terminal.stdout).toContain("  ✅ Mochat           configured, ok (the quota is used up)\n");
    }, { error: "the quota is used up" });
  });

  it("ends with 0 while the daemon is well, and with 1 when there is none", async () => {
    await whileRunning(async (terminal) => {
      await terminal.run("status", "--format=exit-code");
      expect(terminal.exitCode).toBe(0);
    });
    using terminal = createTestTerminal({ config: `${CONFIG}[ops]\nport = 1\n`, environment: { REVKA_GATEWAY_PORT: "" } });
    await terminal.run("status", "--format=exit-code");
    expect(terminal.exitCode).toBe(1);
    expect(terminal.stdout).toBe("");
  });
});

describe("revka channel send, while a daemon runs", () => {
  it("goes through the daemon", async () => {
    await whileRunning(async (terminal) => {
      await terminal.run("channel", "send", "hello", "--channel-id", "mochat", "--recipient", "u1");
      // Its own gateway has the real channel, whose platform is not there: the daemon's answer is what is told.
      expect(terminal.stderr).toContain("Failed to send message via mochat: ");
      expect(terminal.exitCode).toBe(1);
    });
  });
});
