import { describe, expect, it } from "vitest";
import { PlatformError, TransientError } from "../contract/errors.ts";
import type { SendReceipt } from "../contract/message.ts";
import { sendInOrder } from "./send-parts.ts";

function failingAt(failing: number, error: Error): (part: string, index: number) => Promise<SendReceipt> {
  return (part, index) => (index === failing ? Promise.reject(error) : Promise.resolve({ messageIds: [part] }));
}

describe("sendInOrder", () => {
  it("joins the receipts; route and rest are those of the last part", async () => {
    const receipt = await sendInOrder(["a", "b"], (part, index) =>
      Promise.resolve({ messageIds: [`${part}1`, `${part}2`], route: index === 0 ? "reply" : "push", remainingReplies: 4 - index }),
    );
    expect(receipt).toEqual({ messageIds: ["a1", "a2", "b1", "b2"], route: "push", remainingReplies: 3 });
  });

  it("sends a part only after the one before has arrived", async () => {
    const arrived = Promise.withResolvers<SendReceipt>();
    const begun: string[] = [];
    const sending = sendInOrder(["a", "b"], (part) => {
      begun.push(part);
      return part === "a" ? arrived.promise : Promise.resolve({ messageIds: [] });
    });
    await Promise.resolve();
    expect(begun).toEqual(["a"]);
    arrived.resolve({ messageIds: [] });
    await sending;
    expect(begun).toEqual(["a", "b"]);
  });

  it("gives an empty receipt for no parts", async () => {
    expect(await sendInOrder([], failingAt(0, new TransientError("no")))).toEqual({ messageIds: [] });
  });

  it("stops at the first failure and tells how far it got (WECOM-31)", async () => {
    const begun: number[] = [];
    const send = failingAt(1, new PlatformError("refused", { platformCode: "40058", platformMessage: "no" }));
    const sending = sendInOrder(["a", "b", "c"], (part, index) => {
      begun.push(index);
      return send(part, index);
    });
    await expect(sending).rejects.toMatchObject({ message: "refused (1 of 3 parts delivered)", progress: { delivered: 1, total: 3 } });
    expect(begun).toEqual([0, 1]);
  });

  it("keeps class and fields of the error it adds progress to", async () => {
    const error = new PlatformError("refused", { channel: "wecom", platformCode: "40058", platformMessage: "no" });
    const thrown: unknown = await sendInOrder(["a", "b"], failingAt(1, error)).catch((reason: unknown) => reason);
    expect(thrown).toBeInstanceOf(PlatformError);
    expect(thrown).toMatchObject({ name: "PlatformError", code: "platform", channel: "wecom", platformCode: "40058", platformMessage: "no", cause: error });
  });

  it("leaves an error alone that several sends may share", async () => {
    const shared = new TransientError("no token", { status: 503 });
    const sends = [sendInOrder(["a", "b"], failingAt(1, shared)), sendInOrder(["a", "b", "c"], failingAt(2, shared))];
    const outcomes = await Promise.allSettled(sends);
    expect(outcomes.map((outcome) => outcome.status === "rejected" && (outcome.reason as Error).message)).toEqual([
      "no token (1 of 2 parts delivered)",
      "no token (2 of 3 parts delivered)",
    ]);
    expect(shared).not.toHaveProperty("progress", expect.anything());
  });

  it("lets an error through as it is when nothing had arrived", async () => {
    const error = new TransientError("refused");
    await expect(sendInOrder(["a", "b"], failingAt(0, error))).rejects.toBe(error);
    expect(error.message).toBe("refused");
  });

  it("lets what is no channel error through untouched", async () => {
    const reason = new DOMException("stopped", "AbortError");
    await expect(sendInOrder(["a", "b"], failingAt(1, reason))).rejects.toBe(reason);
  });
});
