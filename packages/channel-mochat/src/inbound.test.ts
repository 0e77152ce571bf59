import { describe, expect, it } from "vitest";
import { envelopeOf, normalise, type Arrival } from "./inbound.ts";

const ARRIVAL: Arrival = { channel: "mochat", receivedAt: 5_000, newId: () => "anonymous-1" };

describe("envelopeOf", () => {
  it("names the id and the sender, and is always addressed to the bot", () => {
    expect(envelopeOf({ id: "m-1", sender: "u-7", text: "hi" }, [])).toEqual({
      messageId: "m-1", senderIds: ["u-7"], isOwn: false, isDirect: true, mentionsBot: true,
    });
  });

  it("takes a message of an ignored user for our own", () => {
    expect(envelopeOf({ id: "m-1", sender: "bot", text: "hi" }, ["bot"]).isOwn).toBe(true);
  });
});

describe("normalise", () => {
  it("keeps the platform's id and answers to the sender (MOCHAT-31, MOCHAT-68)", () => {
    expect(normalise({ id: "m-1", sender: "u-7", text: "where is my order?", sentAt: 1_000 }, ARRIVAL)).toEqual({
      id: "m-1",
      channel: "mochat",
      conversation: { id: "u-7", kind: "direct" },
      sender: { id: "u-7" },
      parts: [{ kind: "text", text: "where is my order?" }],
      mentionsBot: true,
      sentAt: 1_000,
      receivedAt: 5_000,
    });
  });

  it("gives a message without an id a new one, and without a time that of its arrival", () => {
    expect(normalise({ sender: "u-7", text: "hi" }, ARRIVAL)).toMatchObject({ id: "anonymous-1", sentAt: 5_000 });
  });

  it("makes plain JSON", () => {
    const message = normalise({ id: "m-1", sender: "u-7", text: "hi", msgType: undefined, sentAt: undefined }, ARRIVAL);
    expect(JSON.parse(JSON.stringify(message))).toEqual(message);
  });
});
