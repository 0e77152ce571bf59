import { describe, expect, it } from "vitest";
import {
  AuthError,
  ConfigError,
  isChannelError,
  NoReplyRouteError,
  PayloadTooLargeError,
  PlatformError,
  ProtocolError,
  RateLimitError,
  TransientError,
  UnknownOutcomeError,
  type ChannelError,
} from "./errors.ts";

const EVERY: readonly (readonly [ChannelError, string])[] = [
  [new ConfigError([]), "config"],
  [new AuthError("refused"), "auth"],
  [new RateLimitError("slow down", { retryAfterMs: 1 }), "rate-limit"],
  [new TransientError("busy"), "transient"],
  [new UnknownOutcomeError("lost"), "unknown-outcome"],
  [new ProtocolError("garbage", { excerpt: "%" }), "protocol"],
  [new PlatformError("no", { platformCode: "1", platformMessage: "no" }), "platform"],
  [new PayloadTooLargeError("too much", { limit: 1, actual: 2, unit: "bytes" }), "too-large"],
  [new NoReplyRouteError("nowhere", { conversationId: "c" }), "no-route"],
];

describe("the errors of a channel", () => {
  it.each(EVERY)("are told apart by their code: %s", (error, code) => {
    expect(error.code).toBe(code);
    expect(error.name).toMatch(/Error$/);
    expect(isChannelError(error)).toBe(true);
  });

  it("are recognised across two installed copies of this package", () => {
    expect(isChannelError(Object.assign(new Error("of another copy"), { isChannelError: true, code: "auth" }))).toBe(true);
  });

  it.each([undefined, null, "auth", new TypeError("a mistake"), { isChannelError: "yes" }])("are not mistaken for %s", (value) => {
    expect(isChannelError(value)).toBe(false);
  });

  it("carry what caused them, and only what is known", () => {
    const cause = new TypeError("deep down");
    expect(new TransientError("busy", { channel: "qq", cause, status: 503 })).toMatchObject({ channel: "qq", cause, status: 503 });
    expect(new TransientError("busy")).not.toHaveProperty("cause");
    expect(new TransientError("busy").closeCode).toBeUndefined();
  });

  it("name every problem of a configuration in one message", () => {
    const error = new ConfigError([
      { path: "a.b", found: "nothing", allowed: "a number" },
      { path: "a.c", found: "a number (0)", allowed: "a number of at least 1" },
    ]);
    expect(error.message).toBe("a.b: found nothing, allowed is a number\na.c: found a number (0), allowed is a number of at least 1");
  });
});
