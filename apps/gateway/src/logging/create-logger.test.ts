import { AuthError, createRedactor, TransientError } from "@revka/core";
import { describe, expect, it } from "vitest";
import type { LogSettings } from "../config/settings.ts";
import { createLogger } from "./create-logger.ts";

function record(settings: Partial<LogSettings> = {}, isTTY = false) {
  const written: string[] = [];
  const redactor = createRedactor(["top-secret-token", 'quote"secret']);
  const logger = createLogger({
    settings: { level: "info", format: undefined, ...settings },
    output: { isTTY, write: (text) => written.push(text) },
    redactor,
    hasColour: false,
  });
  return { logger, redactor, written, lines: () => written.map((line) => JSON.parse(line) as Record<string, unknown>) };
}

describe("createLogger", () => {
  it("writes one JSON object a line, with time, level, component and msg", () => {
    const { logger, written, lines } = record();
    logger.info({ channel: "mochat", attempt: 2 }, "poll failed");
    expect(written[0]).toMatch(/\n$/);
    expect(lines()).toEqual([
      { level: "info", time: expect.stringMatching(/^\d{4}-.*Z$/) as string, component: "gateway", channel: "mochat", attempt: 2, msg: "poll failed" },
    ]);
  });

  it("lets a call name its own component, once", () => {
    const { logger, written } = record();
    logger.warn({ component: "channel:qq" }, "x");
    expect(written[0]?.match(/component/g)).toHaveLength(1);
    expect(written[0]).toContain('"component":"channel:qq"');
  });

  it("keeps to its level", () => {
    const { logger, written } = record({ level: "warn" });
    logger.info({}, "no");
    logger.debug({}, "no");
    logger.error({}, "yes");
    expect(written).toHaveLength(1);
  });

  it.each([
    ["json", "json"],
    ["pretty", "pretty"],
  ] as const)("lets no secret through, wherever it stands: %s", (_title, format) => {
    const { logger, redactor, written } = record({ format });
    redactor.add("obtained-at-run-time");
    logger.info({ url: "https://x/?key=top-secret-token", deep: { list: ["obtained-at-run-time"] } }, 'say quote"secret');
    logger.error({ error: new TransientError("top-secret-token failed", { cause: new Error("obtained-at-run-time") }) }, "x");
    expect(written.join("")).not.toMatch(/top-secret|obtained-at|quote/);
    expect(written.join("")).toContain("***");
  });

  it("is pretty on a terminal and nowhere else, unless told", () => {
    const isJson = (settings: Partial<LogSettings>, isTTY: boolean): boolean => {
      const { logger, written } = record(settings, isTTY);
      logger.info({ channel: "qq" }, "connected");
      return written.join("").startsWith("{");
    };
    expect([isJson({}, true), isJson({}, false)]).toEqual([false, true]);
    expect([isJson({ format: "json" }, true), isJson({ format: "pretty" }, false)]).toEqual([true, false]);
  });

  it("tells kind and causes of an error, and the stack only of one that nobody foresaw", () => {
    const { logger, lines } = record();
    const cause = Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" });
    logger.error({ error: new AuthError("refused", { cause }) }, "x");
    logger.error({ error: new TypeError("surprise") }, "x");
    logger.error({ error: "only words" }, "x");
    expect(lines().map(({ error }) => error)).toEqual([
      { name: "AuthError", kind: "auth", message: "refused", cause: { name: "Error", kind: "ECONNREFUSED", message: "connect ECONNREFUSED" } },
      { name: "TypeError", message: "surprise", stack: expect.stringContaining("surprise") as string },
      "only words",
    ]);
  });

  it("follows a circle of causes only so far", () => {
    const { logger, written } = record();
    const error = new TransientError("round and round");
    Object.assign(error, { cause: error });
    logger.error({ error }, "x");
    expect(written[0]?.match(/round and round/g)).toHaveLength(6);
  });
});
