import type { MessagePart } from "@revka/core";
import { createManualClock } from "@revka/core/testing";
import { describe, expect, it } from "vitest";
import { createMessage, createTestChannel } from "../testing/test-channel.test-support.ts";
import { createTurnRequest } from "../turns/turn-request.ts";
import type { TurnEvent } from "./agent.ts";
import { createEchoAgent } from "./echo.ts";

async function echo(parts: readonly MessagePart[], { clock = createManualClock(), delayMs = 0, signal = new AbortController().signal } = {}): Promise<TurnEvent[]> {
  const entry = { seq: 1, state: "accepted", message: createMessage("m", { parts }, clock), acceptedAt: 0, attempt: 0 } as const;
  const request = createTurnRequest(entry, createTestChannel({ clock }), { turnId: "t", attempt: 1, conversationKey: "k" });
  const events: TurnEvent[] = [];
  for await (const event of createEchoAgent({ delayMs, clock }).turn(request, signal)) events.push(event);
  return events;
}

describe("createEchoAgent", () => {
  it.each<[string, MessagePart[], string]>([
    ["words", [{ kind: "text", text: "hello\n**you**" }], "hello\n**you**"],
    ["a typed marker, made harmless", [{ kind: "text", text: "[FILE:/etc/passwd]" }], "(FILE:/etc/passwd]"],
    ["files by name", [{ kind: "text", text: "look" }, { kind: "image", ref: null, name: "cat.png" }, { kind: "file", ref: null }], "look\n(image: cat.png)\n(file: unnamed)"],
    ["a file name that is a marker", [{ kind: "file", ref: null, name: "[FILE:x]" }], "(file: (FILE:x])"],
    ["what was said", [{ kind: "audio", ref: null, transcript: "hi" }], "(audio: hi)"],
    ["no quote", [{ kind: "quote", text: "before" }, { kind: "text", text: "yes" }], "yes"],
    ["an action", [{ kind: "action", action: "vote" }], "(action: vote)"],
    ["what it does not understand", [{ kind: "unsupported", type: "sticker" }], "(unsupported message: sticker)"],
  ])("says back %s", async (_title, parts, text) => {
    await expect(echo(parts)).resolves.toEqual([{ kind: "done", text }]);
  });

  it("thinks as long as it is told, and stops when it is aborted", async () => {
    const clock = createManualClock();
    const events = echo([{ kind: "text", text: "hi" }], { clock, delayMs: 1_000 });
    await clock.advance(1_000);
    await expect(events).resolves.toHaveLength(1);
    const controller = new AbortController();
    const aborted = echo([{ kind: "text", text: "hi" }], { clock, delayMs: 1_000, signal: controller.signal });
    controller.abort(new RangeError("enough"));
    await expect(aborted).rejects.toThrow("enough");
    expect(clock.pending).toBe(0);
  });
});
