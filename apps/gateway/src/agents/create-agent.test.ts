import { createManualClock, recordingLogger } from "@revka/core/testing";
import { describe, expect, it } from "vitest";
import { createAgent } from "./create-agent.ts";

describe("createAgent", () => {
  it("echoes where no agent is configured, and says so", () => {
    const logger = recordingLogger();
    const agent = createAgent({ kind: "echo", delayMs: 0, isConfigured: false }, { clock: createManualClock(), logger });
    expect(agent.kind).toBe("echo");
    expect(logger.entries).toMatchObject([{ level: "info", message: "No [agent] configured; replying in echo mode" }]);
  });

  it("says nothing about an echo that was asked for", () => {
    const logger = recordingLogger();
    createAgent({ kind: "echo", delayMs: 0, isConfigured: true }, { clock: createManualClock(), logger });
    expect(logger.entries).toEqual([]);
  });
});
