import { AuthError, createStatusRecorder, systemClock, TransientError, type Channel, type OutboundMessage, type StatusRecorder } from "@revka/core";
import { describe, expect, it } from "vitest";
import type { MochatApi } from "./api.ts";
import { withDefaults, type MochatConfig } from "./config.ts";
import { createSender } from "./sender.ts";

interface Call {
  readonly to: string;
  readonly text: string;
  readonly key: string | undefined;
  readonly answer: PromiseWithResolvers<void>;
}

interface Setup {
  readonly send: Channel["send"];
  readonly status: StatusRecorder;
  /** What reached the bridge, in order. */
  readonly calls: Call[];
}

/** `react` may throw or wait; else each call succeeds at once. */
function setup(react: (call: Call) => Promise<void> | void = () => undefined, config: Partial<MochatConfig> = {}): Setup {
  const status = createStatusRecorder(systemClock);
  const calls: Call[] = [];
  const sendText: MochatApi["sendText"] = async ({ toUserId, content }, { idempotencyKey } = {}) => {
    const call: Call = { to: toUserId, text: content.text, key: idempotencyKey, answer: Promise.withResolvers() };
    calls.push(call);
    await react(call);
    return { messageIds: [`m-${calls.length}`] };
  };
  const unused = (): Promise<never> => Promise.reject(new TypeError("not used here"));
  const settings = withDefaults({ apiUrl: "https://mochat.example.com", apiToken: "mochat-api-token", ...config });
  return { send: createSender({ settings, api: { sendText, receive: unused, checkHealth: unused }, status }), status, calls };
}
const to = (conversationId: string, text: string, idempotencyKey?: string): OutboundMessage => ({
  target: { conversationId }, text, ...(idempotencyKey !== undefined && { idempotencyKey }),
});
const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
};

describe("createSender", () => {
  it("sends without a poller at work (MOCHAT-43)", async () => {
    const { send, calls } = setup();
    await expect(send(to("u-7", "hi"))).resolves.toEqual({ messageIds: ["m-1"] });
    expect(calls).toMatchObject([{ to: "u-7", text: "hi", key: undefined }]);
  });

  it("keeps the order of messages to one user while the first is slow", async () => {
    const { send, calls } = setup(({ answer }) => answer.promise);
    const sends = [send(to("u-7", "first")), send(to("u-7", "second"))];
    await settle();
    expect(calls.map(({ text }) => text)).toEqual(["first"]);
    calls[0]?.answer.resolve();
    await settle();
    expect(calls.map(({ text }) => text)).toEqual(["first", "second"]);
    calls[1]?.answer.resolve();
    await Promise.all(sends);
  });

  it("writes to four users at once, and no more", async () => {
    const { send, calls } = setup(({ answer }) => answer.promise);
    const sends = ["a", "b", "c", "d", "e"].map((user) => send(to(user, "hi")));
    await settle();
    expect(calls.map(({ to: user }) => user)).toEqual(["a", "b", "c", "d"]);
    calls[2]?.answer.resolve();
    await settle();
    expect(calls.at(-1)?.to).toBe("e");
    for (const { answer } of calls) answer.resolve();
    await Promise.all(sends);
  });

  it("gives each part of a split text a key of its own, the same every time", async () => {
    const { send, calls } = setup(undefined, { maxMessageChars: 16 });
    const message = to("u-7", "one two three four five", "turn-1");
    await send(message);
    await send(message);
    expect(calls.map(({ key }) => key)).toEqual(["turn-1.0", "turn-1.1", "turn-1.0", "turn-1.1"]);
    await send(to("u-7", "short", "turn-2"));
    expect(calls.at(-1)?.key).toBe("turn-2");
  });

  it("joins the receipts of the parts", async () => {
    const { send } = setup(undefined, { maxMessageChars: 16 });
    await expect(send(to("u-7", "one two three four five"))).resolves.toEqual({ messageIds: ["m-1", "m-2"] });
  });

  it("stops at the part that fails, and tells how far it got", async () => {
    const { send, calls } = setup(({ text }) => {
      if (text.startsWith("one")) return;
      throw new TransientError("down");
    }, { maxMessageChars: 16 });
    await expect(send(to("u-7", "one two three four five six seven eight nine"))).rejects.toMatchObject({ code: "transient", progress: { delivered: 1 } });
    expect(calls).toHaveLength(2);
  });

  it("takes a refused token for the channel's state", async () => {
    const { send, status } = setup(() => {
      throw new AuthError("Mochat send message failed (401 Unauthorized): no");
    });
    await expect(send(to("u-7", "hi"))).rejects.toMatchObject({ code: "auth" });
    expect(status.snapshot()).toMatchObject({ state: "failed", lastError: "Mochat send message failed (401 Unauthorized): no" });
  });

  it("leaves the queue when the caller aborts", async () => {
    const { send, calls } = setup(({ answer }) => answer.promise);
    const controller = new AbortController();
    const first = send(to("u-7", "first"));
    const second = send(to("u-7", "second"), controller.signal);
    controller.abort(new RangeError("stop"));
    await expect(second).rejects.toThrow("stop");
    calls[0]?.answer.resolve();
    await first;
    expect(calls).toHaveLength(1);
  });

  it("refuses a message to nobody before anything is sent", async () => {
    const { send, calls } = setup();
    await expect(send(to("", "hi"))).rejects.toMatchObject({ code: "no-route" });
    expect(calls).toEqual([]);
  });
});
