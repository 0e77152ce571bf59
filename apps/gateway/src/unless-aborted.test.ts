import { describe, expect, it } from "vitest";
import { unlessAborted } from "./unless-aborted.ts";

const NEVER = new AbortController().signal;

describe("unlessAborted", () => {
  it("gives what the work gives, or throws", async () => {
    await expect(unlessAborted(Promise.resolve("done"), NEVER)).resolves.toBe("done");
    await expect(unlessAborted(Promise.reject(new RangeError("no")), NEVER)).rejects.toThrow("no");
  });

  it("leaves the work behind when the signal aborts, before or after it began", async () => {
    const controller = new AbortController();
    const late = Promise.withResolvers<never>();
    const waiting = unlessAborted(late.promise, controller.signal);
    controller.abort(new RangeError("enough"));
    await expect(waiting).rejects.toThrow("enough");
    await expect(unlessAborted(late.promise, controller.signal)).rejects.toThrow("enough");
    late.reject(new TypeError("heard by nobody"));
  });
});
