import { describe, expect, it } from "vitest";
import { connectLark, eventOf, headersOf, larkCaller } from "../../testing/lark-peer.ts";
import { handClock, openSandbox } from "../../testing/open-sandbox.ts";
import type { LarkControl } from "./api.ts";

const CARD = { schema: "2.0", body: { elements: [{ tag: "markdown", content: "yes or no?" }] } };

async function sendCard(lark: LarkControl): Promise<string> {
  const call = await larkCaller(lark);
  await call("POST", "/im/v1/messages?receive_id_type=open_id", { receive_id: "ou_1", msg_type: "interactive", content: JSON.stringify(CARD) });
  return (await lark.nextReply("ou_1")).messageId;
}

describe("a click on a card", () => {
  it("is told with who, what and where, and its answer is kept", async () => {
    const { lark } = await openSandbox();
    const peer = await connectLark(lark);
    const messageId = await sendCard(lark);
    const { eventId, token } = lark.click("ou_1", messageId, { action: { value: { choice: "yes" }, name: "b1" } });
    const frame = await peer.nextFrame();
    expect(headersOf(frame)["type"]).toBe("event");
    expect(eventOf(frame)).toMatchObject({
      header: { event_id: eventId, event_type: "card.action.trigger", create_time: expect.stringMatching(/^\d{16}$/) as string },
      event: {
        operator: { open_id: "ou_1", union_id: "on_1" }, token, host: "im_message",
        action: { tag: "button", value: { choice: "yes" }, name: "b1" }, context: { open_message_id: messageId, open_chat_id: lark.sent[0]?.chatId },
      },
    });
    expect(token).toMatch(/^c-/);
    peer.ack(frame, { code: 200, data: Buffer.from('{"toast":{"type":"success","content":"ok"}}').toString("base64") });
    expect(await lark.nextAck()).toMatchObject({ id: eventId, data: { toast: { content: "ok" } }, counts: true });
  });

  it("lets the card be updated later, once it was answered", async () => {
    const { lark } = await openSandbox();
    const peer = await connectLark(lark);
    const call = await larkCaller(lark);
    const { token } = lark.click("ou_1", await sendCard(lark));
    const update = { token, card: { ...CARD, body: { elements: [{ tag: "markdown", content: "done" }] } } };
    expect((await call("POST", "/interactive/v1/card/update", update)).json["code"]).not.toBe(0);
    peer.ack(await peer.nextFrame());
    await lark.nextAck();
    expect((await call("POST", "/interactive/v1/card/update", update)).json["code"]).toBe(0);
    expect(lark.sent[0]?.text).toBe("done");
  });

  it("comes once, whatever becomes of it, unless switched", async () => {
    const clock = handClock();
    const sandbox = await openSandbox({ now: clock.now });
    const { lark } = sandbox;
    const peer = await connectLark(lark);
    const messageId = await sendCard(lark);
    const pass = (): void => {
      clock.advance(15_000);
      sandbox.runDue();
    };
    lark.click("ou_1", messageId, { frame: "card", overrides: { host: "im_top_notice" } });
    const frame = await peer.nextFrame();
    expect(headersOf(frame)["type"]).toBe("card");
    expect(eventOf(frame).event).toMatchObject({ host: "im_top_notice" });
    pass();
    expect(lark.deliveries).toHaveLength(1);
    lark.behave({ retriesClicks: true });
    lark.click("ou_1", messageId);
    pass();
    expect(lark.deliveries).toHaveLength(3);
  });

  it("needs a message to be on", async () => {
    const { lark } = await openSandbox();
    expect(() => lark.click("ou_1", "om_nobody")).toThrow("no message has the id om_nobody");
  });
});
