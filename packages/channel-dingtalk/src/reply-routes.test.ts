import { createContext, createMemoryStore, type Store } from "@revka/core";
import { createManualClock, recordingLogger } from "@revka/core/testing";
import { describe, expect, it } from "vitest";
import { withDefaults, type DingtalkConfig } from "./config.ts";
import { CONFIG, groupMessage, robotMessage, SENT_AT } from "./listening.test-support.ts";
import { createWebhooks, type Webhooks } from "./reply-routes.ts";
import { decodeRobotMessage } from "./robot-message.ts";

const URL_1 = "https://oapi.dingtalk.com/robot/sendBySession?session=0123456789abcdef";

function open(overrides: Partial<DingtalkConfig> = {}, startMs?: number, given?: Store) {
  const clock = createManualClock(startMs);
  const secrets: string[] = [];
  const store = given ?? createMemoryStore({ clock });
  const context = createContext("dingtalk", { clock, store, logger: recordingLogger(), addSecret: (secret) => secrets.push(secret) });
  return { clock, secrets, store, webhooks: createWebhooks(withDefaults({ ...CONFIG, ...overrides }), context) };
}
async function remember(webhooks: Webhooks, fields: Record<string, unknown>, sentAt: number | undefined = SENT_AT): Promise<void> {
  const message = decodeRobotMessage(JSON.stringify({ sessionWebhook: URL_1, ...fields }));
  if (message !== undefined) await webhooks.remember(message, sentAt);
}
const found = async (webhooks: Webhooks, id: string): Promise<string | undefined> => (await webhooks.find(id))?.url.href;

describe("createWebhooks", () => {
  it("keeps a webhook for the chat and, in private, for its sender (DT-15)", async () => {
    const { webhooks, secrets } = open();
    await remember(webhooks, robotMessage());
    await remember(webhooks, groupMessage({ sessionWebhook: `${URL_1}2`, senderStaffId: "staff-2" }));
    expect([await found(webhooks, "staff-1"), await found(webhooks, "cidGRP=="), await found(webhooks, "staff-2")]).toEqual([URL_1, `${URL_1}2`, undefined]);
    expect(secrets).toContain("0123456789abcdef");
  });

  it("tells the host the secret of one that an earlier process kept, as soon as it is used", async () => {
    const first = open();
    await remember(first.webhooks, robotMessage());
    const second = open({}, undefined, first.store);
    expect(second.secrets).toEqual([]);
    expect(await found(second.webhooks, "staff-1")).toBe(URL_1);
    expect(second.secrets).toEqual(["0123456789abcdef"]);
  });

  it("prefers a private webhook to a group's, also where the group's may be used (DT-15)", async () => {
    const { webhooks } = open({ senderFallbackToGroup: true });
    await remember(webhooks, groupMessage({ sessionWebhook: `${URL_1}2` }));
    expect(await found(webhooks, "staff-1")).toBe(`${URL_1}2`);
    await remember(webhooks, robotMessage());
    await remember(webhooks, groupMessage({ sessionWebhook: `${URL_1}3` }));
    expect(await found(webhooks, "staff-1")).toBe(URL_1);
  });

  it.each([
    ["as the platform says, however wrong our clock is", {}, SENT_AT, 5_400_000],
    ["from the message's own time where the frame has none", { sessionWebhookExpiredTime: SENT_AT + 977 }, undefined, 1_000],
    ["for 90 minutes where nobody says", { sessionWebhookExpiredTime: undefined }, SENT_AT, 5_400_000],
    ["for a day at most", { sessionWebhookExpiredTime: SENT_AT + 9e11 }, SENT_AT, 86_400_000],
  ])("keeps it %s", async (_title, fields, sentAt, lifeMs) => {
    for (const skewMs of [0, 10_800_000, -10_800_000]) {
      const { webhooks, clock } = open({}, SENT_AT + skewMs);
      const message = decodeRobotMessage(JSON.stringify(robotMessage({ sessionWebhook: URL_1, ...fields })));
      if (message !== undefined) await webhooks.remember(message, sentAt);
      await clock.advance(lifeMs - 1);
      expect(await found(webhooks, "staff-1")).toBe(URL_1);
      await clock.advance(1);
      expect(await found(webhooks, "staff-1")).toBeUndefined();
    }
  });

  it("does not keep one that is over already", async () => {
    const { webhooks } = open();
    await remember(webhooks, robotMessage({ sessionWebhookExpiredTime: SENT_AT }));
    expect(await found(webhooks, "staff-1")).toBeUndefined();
  });

  it("forgets one that the platform no longer takes", async () => {
    const { webhooks } = open();
    await remember(webhooks, robotMessage());
    await (await webhooks.find("staff-1"))?.forget();
    expect(await found(webhooks, "staff-1")).toBeUndefined();
  });

  it.each([
    ["https://api.dingtalk.com/robot/x", true],
    ["https://a.b.dingtalk.io/robot/x", true],
    ["https://oapi.dingtalk.com.evil.example/robot/x", false],
    ["https://evildingtalk.com/robot/x", false],
    ["http://oapi.dingtalk.com/robot/x", false],
    ["https://oapi.dingtalk.com:8443/robot/x", false],
    ["https://user@oapi.dingtalk.com/robot/x", false],
    ["http://127.0.0.1:3000/robot/x", false],
    ["file:///etc/passwd", false],
    ["nonsense", false],
  ])("keeps %s: %s", async (sessionWebhook, isKept) => {
    const { webhooks } = open();
    await remember(webhooks, robotMessage({ sessionWebhook }));
    expect((await webhooks.find("staff-1")) !== undefined).toBe(isKept);
  });

  it("takes webhooks of a configured base_url's origin besides the platform's own", async () => {
    const { webhooks } = open({ baseUrl: "http://127.0.0.1:3000/dingtalk" });
    await remember(webhooks, robotMessage({ sessionWebhook: "http://127.0.0.1:3000/other/robot/x" }));
    expect(await found(webhooks, "staff-1")).toBe("http://127.0.0.1:3000/other/robot/x");
    await remember(webhooks, robotMessage({ senderStaffId: "staff-2", sessionWebhook: "http://127.0.0.1:3001/robot/x" }));
    expect(await found(webhooks, "staff-2")).toBeUndefined();
  });
});
