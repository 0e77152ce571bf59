import { describe, expect, it } from "vitest";
import type { InboundMessage } from "../contract/message.ts";
import { recordingAccept } from "./recording-accept.ts";

function message(id: string): InboundMessage {
  return { id, channel: "x", conversation: { id: "c", kind: "direct" }, sender: { id: "u" }, parts: [], mentionsBot: true, sentAt: 0, receivedAt: 0 };
}

describe("recordingAccept", () => {
  it("gives messages in order, whether asked before or after they come", async () => {
    const { accept, messages, next } = recordingAccept();
    const early = next();
    expect(await accept(message("a"))).toBe("accepted");
    await accept(message("b"));
    expect([(await early).id, (await next()).id]).toEqual(["a", "b"]);
    expect(messages).toHaveLength(2);
  });

  it("records also what is refused", async () => {
    const { accept, next } = recordingAccept(() => Promise.reject(new RangeError("disk full")));
    await expect(accept(message("a"))).rejects.toThrow("disk full");
    expect((await next()).id).toBe("a");
  });
});
