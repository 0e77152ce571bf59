import { sniffMediaType, type MarkerKind } from "@revka/core";
import { createManualClock } from "@revka/core/testing";
import { describe, expect, it } from "vitest";
import { createMessage, createTestChannel } from "../testing/test-channel.test-support.ts";
import { createTurnRequest } from "../turns/turn-request.ts";
import type { TurnEvent } from "./agent.ts";
import { createDemoAgent } from "./demo.ts";

async function say(text: string, markers: readonly MarkerKind[] = ["IMAGE"]): Promise<TurnEvent[]> {
  const clock = createManualClock();
  const request = createTurnRequest({ message: createMessage("m", { parts: [{ kind: "text", text }] }, clock) }, createTestChannel({ clock }), { turnId: "t", attempt: 1, conversationKey: "k", markers });
  const events: TurnEvent[] = [];
  const turn = (async () => {
    for await (const event of createDemoAgent({ clock }).turn(request, new AbortController().signal)) events.push(event);
  })();
  await clock.advance(1_000);
  await turn;
  return events;
}

describe("createDemoAgent", () => {
  it("says back the words, one by one", async () => {
    expect(await say("one two\nthree")).toEqual(["one ", "two\n", "three"].map((text) => ({ kind: "delta", text })));
  });

  it("makes typed markers harmless", async () => {
    expect(await say("[IMAGE:a]")).toEqual([{ kind: "delta", text: "(IMAGE:a]" }]);
  });

  it("answers with a picture to somebody who wants one", async () => {
    const [event] = await say(" Picture ");
    const encoded = event?.kind === "done" ? /^\[IMAGE:data:image\/png;base64,(.+)\]$/.exec(event.text ?? "")?.[1] : undefined;
    expect(sniffMediaType(Buffer.from(encoded ?? "", "base64"))).toBe("image/png");
  });

  it("says so where it can send none", async () => {
    expect(await say("picture", [])).toEqual([{ kind: "done", text: "I can send no pictures here." }]);
  });
});
