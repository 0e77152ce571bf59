import type { Fault } from "@revka/sandbox";
import { describe, expect, it } from "vitest";
import { asShown } from "./as-shown.ts";
import { openDingtalk } from "./dingtalk-house.ts";

const TO_PERSON = "/v1.0/robot/oToMessages/batchSend";
const TO_GROUP = "/v1.0/robot/groupMessages/send";
const TOKEN = "/v1.0/oauth2/accessToken";
const PNG = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d, 0x49, 0x48, 0x44, 0x52]);
const PDF = new TextEncoder().encode("%PDF-1.7\nplan");

describe("a send that nobody asked for", () => {
  it("is not offered unless the operator wants it so (DT-17)", async () => {
    const { open } = await openDingtalk();
    expect(open().capabilities).toMatchObject({ proactive: false, mediaOut: ["image"] });
    expect(open({ proactiveSend: true }).capabilities).toMatchObject({ proactive: true });
  });

  it("goes to a person and to a group through the robot API, with one token", async () => {
    const { dingtalk, open, calls } = await openDingtalk();
    const channel = open({ proactiveSend: true });
    dingtalk.join("cidGROUP==");
    const receipts = [
      await channel.send({ target: { conversationId: "staff-1" }, text: "hello" }),
      await channel.send({ target: { conversationId: "cidGROUP==" }, text: "all of you" }),
    ];
    for (const receipt of receipts) expect(receipt).toMatchObject({ route: "robot", messageIds: [expect.stringMatching(/./)] });
    expect(dingtalk.sent).toMatchObject([
      { via: "robot-api", kind: "sampleMarkdown", user: "staff-1", text: "hello" },
      { via: "robot-api", kind: "sampleMarkdown", group: "cidGROUP==", text: "all of you" },
    ]);
    expect(calls(TOKEN)).toHaveLength(1);
  });

  it("still prefers a webhook while one is alive, and takes over when it is not", async () => {
    const { dingtalk, listening } = await openDingtalk();
    const { channel, next } = await listening({ proactiveSend: true });
    dingtalk.say("staff-1", "hello");
    await next();
    await channel.send({ target: { conversationId: "staff-1" }, text: "one" });
    dingtalk.expireWebhooks();
    await channel.send({ target: { conversationId: "staff-1" }, text: "two" });
    expect(dingtalk.sent).toMatchObject([{ via: "webhook", text: "one" }, { via: "robot-api", text: "two" }]);
  });

  it.each([400, 401] as const)("gets a fresh token where the platform refuses the old one with %d", async (badTokenStatus) => {
    const { dingtalk, open, calls } = await openDingtalk();
    dingtalk.behave({ badTokenStatus });
    const channel = open({ proactiveSend: true });
    await channel.send({ target: { conversationId: "staff-1" }, text: "one" });
    dingtalk.revokeToken();
    await channel.send({ target: { conversationId: "staff-1" }, text: "two" });
    expect(dingtalk.sent.map(({ text }) => text)).toEqual(["one", "two"]);
    expect(calls(TOKEN)).toHaveLength(2);
  });

  it("renews the token before its two hours are over", async () => {
    const { dingtalk, open, calls, pass } = await openDingtalk();
    const channel = open({ proactiveSend: true });
    for (let n = 0; n < 3; n += 1) {
      await channel.send({ target: { conversationId: "staff-1" }, text: "hello" });
      await pass(7_000_000);
    }
    expect(dingtalk.sent).toHaveLength(3);
    expect(calls(TO_PERSON).every(({ answer }) => answer?.status === 200)).toBe(true);
  });

  it("is an AuthError with credentials that the platform refuses", async () => {
    const { dingtalk, open, failureOf } = await openDingtalk();
    const channel = open({ proactiveSend: true });
    dingtalk.acceptSecret("another secret");
    expect(await failureOf(channel, "staff-1")).toMatchObject({ code: "auth", platformCode: "invalidClientIdOrSecret" });
  });

  it.each<[string, Parameters<Awaited<ReturnType<typeof openDingtalk>>["dingtalk"]["behave"]>[0], Record<string, unknown>]>([
    ["does not exist", { invalidStaffIds: ["staff-1"] }, { code: "platform", platformCode: "staffId.notExisted" }],
    ["is under flow control", { flowControlledStaffIds: ["staff-1"] }, { code: "rate-limit" }],
  ])("is told as failed where the answer is 200 and the person %s", async (_title, switches, expected) => {
    const { dingtalk, open, failureOf } = await openDingtalk();
    dingtalk.behave(switches);
    expect(await failureOf(open({ proactiveSend: true }), "staff-1")).toMatchObject(expected);
    expect(dingtalk.sent).toEqual([]);
  });

  it.each<[string, Fault, Record<string, unknown>]>([
    ["a permission is missing", { kind: "answer", status: 403, body: '{"code":"Forbidden.AccessDenied.AccessTokenPermissionDenied","requestid":"R-1","message":"no","accessdenieddetail":{"requiredScopes":["qyapi_robot_sendmsg"]}}' }, {
      code: "platform", platformCode: "Forbidden.AccessDenied.AccessTokenPermissionDenied", requestId: "R-1", message: expect.stringContaining("qyapi_robot_sendmsg"),
    }],
    ["the interface is called too often", { kind: "answer", status: 403, body: '{"code":"Forbidden.AccessDenied.QpsLimitForAppkeyAndApi","message":"slow down"}' }, { code: "rate-limit", retryAfterMs: 1_000 }],
    ["the platform is busy", { kind: "answer", status: 429, body: '{"code":"system.busy","message":"busy"}' }, { code: "rate-limit" }],
    ["the answer is lost", { kind: "reset", at: "after-work" }, { code: "unknown-outcome" }],
  ])("is told as what it is where %s, after one try", async (_title, fault, expected) => {
    const { sandbox: { faults }, open, calls, failureOf } = await openDingtalk();
    faults.add({ path: TO_PERSON, times: "always", fault });
    expect(await failureOf(open({ proactiveSend: true }), "staff-1")).toMatchObject(expected);
    expect(calls(TO_PERSON)).toHaveLength(1);
  });

  it("to a group that the robot is not in fails with the platform's code", async () => {
    const { open, calls, failureOf } = await openDingtalk();
    expect(await failureOf(open({ proactiveSend: true }), "cidELSEWHERE==")).toMatchObject({ code: "platform", platformCode: "invalid.openConversationId" });
    expect(calls(TO_GROUP)).toHaveLength(1);
  });

  it("of a long text arrives in order, each part within the platform's 15,000 bytes", async () => {
    const { dingtalk, open, during } = await openDingtalk();
    const channel = open({ proactiveSend: true });
    const text = "长 and \"quoted\"\n".repeat(2_000);
    await during(channel.send({ target: { conversationId: "staff-1" }, text }));
    expect(dingtalk.sent.map((message) => asShown(message.text))).toEqual(channel.split(text));
  });
});

describe("a picture", () => {
  it("goes through the webhook, uploaded once, after the text", async () => {
    const { dingtalk, listening } = await openDingtalk();
    const { channel, next } = await listening();
    dingtalk.say("staff-1", "draw something");
    await next();
    await channel.send({ target: { conversationId: "staff-1" }, text: "here:", media: { kind: "image", bytes: PNG, name: "a [nice] picture.png" } });
    const [upload] = dingtalk.uploads;
    expect(dingtalk.uploads).toHaveLength(1);
    expect(upload).toMatchObject({ type: "image", name: "a [nice] picture.png" });
    expect(new Uint8Array(upload?.bytes ?? [])).toEqual(PNG);
    expect(dingtalk.sent.map(({ via, text }) => [via, text])).toEqual([["webhook", "here:"], ["webhook", `![a  nice  picture.png](${upload?.mediaId})`]]);
  });

  it("is not uploaded where it cannot be sent", async () => {
    const { dingtalk, open, failureOf } = await openDingtalk();
    expect(await failureOf(open(), "staff-1", { text: "", media: { kind: "image", bytes: PNG } })).toMatchObject({ code: "no-route" });
    expect(dingtalk.uploads).toEqual([]);
  });
});

describe("another file", () => {
  it("is refused with the reason where only webhooks may be used", async () => {
    const { dingtalk, listening, failureOf } = await openDingtalk();
    const { channel, next } = await listening();
    dingtalk.say("staff-1", "the plan, please");
    await next();
    const error = await failureOf(channel, "staff-1", { text: "", media: { kind: "file", bytes: PDF, name: "plan.pdf" } });
    expect(error).toHaveProperty("code", "platform");
    expect(String(error)).toContain("proactive_send");
    expect(dingtalk.sent).toEqual([]);
  });

  it("goes through the robot API", async () => {
    const { dingtalk, open } = await openDingtalk();
    await open({ proactiveSend: true }).send({ target: { conversationId: "staff-1" }, text: "", media: { kind: "file", bytes: PDF, name: "plan.pdf" } });
    expect(dingtalk.sent).toMatchObject([{ via: "robot-api", kind: "sampleFile", payload: { fileName: "plan.pdf", fileType: "pdf" } }]);
  });
});
