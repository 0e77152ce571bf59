import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { acksOn, CARD_USE, dataFrame, envelope, listenToPlatform, messageEvent } from "./listening.test-support.ts";

/** Values of every kind, and what the platform sends with some of it replaced by them. */
const anything = fc.oneof(fc.jsonValue(), fc.constantFrom(null, "", 0, -1, [], {}, "[".repeat(5_000)));
const messages = fc.tuple(anything, anything, anything).map(([sender, content, mentions]) => {
  const { message } = messageEvent() as { message: object };
  return { ...messageEvent(), sender, message: { ...message, content, mentions } };
});
const contents = fc
  .tuple(fc.constantFrom("text", "post", "image", "file", "audio", "interactive", "merge_forward", "location", "odd"), anything)
  .map(([type, content]) => messageEvent({ message_type: type, content: JSON.stringify(content) }));
const uses = fc.record({ action: anything, context: anything }).map((parts) => ({ ...CARD_USE, ...parts }));
const headers = fc.record({ event_type: fc.constantFrom("im.message.receive_v1", "card.action.trigger", "odd") });
const payloads = fc.oneof(
  fc.tuple(fc.oneof(anything, messages, contents, uses), headers).map(([event, header]) => JSON.stringify(envelope(event, header))),
  anything.map((value) => JSON.stringify(value)),
  fc.string(),
);

describe("a connection over which anything comes", () => {
  it("acks every whole frame and lives (LARK-56)", async () => {
    await using listening = await listenToPlatform();
    const socket = await listening.connected();
    const cases = fc.sample(payloads, { seed: 7, numRuns: 400 });
    cases.forEach((payload, index) => socket.send(dataFrame(Buffer.from(payload), { message_id: `m-${index}` })));
    await listening.platform.until(() => acksOn(socket).length === cases.length);
    expect(acksOn(socket).filter((ack) => ack.endsWith('{"code":500}'))).toEqual([]);
    expect(listening.channel.status()).toMatchObject({ state: "connected", reconnects: 0 });
  });

  it("drops what is no frame and lives", async () => {
    await using listening = await listenToPlatform();
    const socket = await listening.connected();
    for (const bytes of fc.sample(fc.uint8Array({ maxLength: 120 }), { seed: 8, numRuns: 400 })) socket.send(bytes);
    socket.send(dataFrame(envelope(messageEvent())));
    expect((await listening.next()).id).toBe("om_1");
    expect(listening.channel.status()).toMatchObject({ state: "connected", reconnects: 0 });
  });
});
