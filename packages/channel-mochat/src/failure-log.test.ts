import { recordingLogger } from "@revka/core/testing";
import { describe, expect, it } from "vitest";
import { createFailureLog } from "./failure-log.ts";

describe("createFailureLog", () => {
  it("warns of the first failure and of each 20th, and keeps the rest for debugging", () => {
    const logger = recordingLogger();
    const log = createFailureLog(logger, "mochat");
    for (let i = 0; i < 45; i += 1) log.failed({}, "it failed");
    const warned = logger.entries.filter(({ level }) => level === "warn").map(({ fields }) => fields["attempt"]);
    expect(warned).toEqual([1, 20, 40]);
    expect(logger.entries.filter(({ level }) => level === "debug")).toHaveLength(42);
  });

  it("logs a refusal as an error, once (MOCHAT-57)", () => {
    const logger = recordingLogger();
    const log = createFailureLog(logger, "mochat");
    for (let i = 0; i < 45; i += 1) log.refused({}, "refused");
    expect(logger.entries.filter(({ level }) => level !== "debug").map(({ level }) => level)).toEqual(["error"]);
  });

  it("begins a new streak when failures become refusals", () => {
    const logger = recordingLogger();
    const log = createFailureLog(logger, "mochat");
    log.failed({}, "it failed");
    log.refused({}, "refused");
    log.failed({}, "it failed");
    expect(logger.entries.map(({ level }) => level)).toEqual(["warn", "error", "warn"]);
  });

  it("tells of a recovery once, and only where something had failed", () => {
    const logger = recordingLogger();
    const log = createFailureLog(logger, "mochat");
    log.recovered("works again");
    log.failed({ delayMs: 5 }, "it failed");
    log.recovered("works again");
    log.recovered("works again");
    expect(logger.entries).toEqual([
      { level: "warn", fields: { channel: "mochat", attempt: 1, delayMs: 5 }, message: "it failed" },
      { level: "info", fields: { channel: "mochat", attempts: 1 }, message: "works again" },
    ]);
  });
});
