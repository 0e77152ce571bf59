import { describe, expect, it } from "vitest";
import { openCaller, postJson } from "../../testing/dingtalk-peer.ts";
import { handClock, openSandbox } from "../../testing/open-sandbox.ts";
import type { Sandbox } from "../../sandbox.ts";

function toUsers({ dingtalk }: Sandbox, userIds: readonly string[], msgParam: unknown = { title: "T", text: "words" }, msgKey = "sampleMarkdown"): object {
  return { robotCode: dingtalk.clientId, userIds, msgKey, msgParam: typeof msgParam === "string" ? msgParam : JSON.stringify(msgParam) };
}

const BATCH = "/robot/oToMessages/batchSend";

describe("access tokens", () => {
  it("stay the same and live longer while they are asked for, and expire", async () => {
    const clock = handClock();
    const sandbox = await openSandbox({ now: clock.now });
    const ask = (): ReturnType<typeof postJson> => postJson(`${sandbox.dingtalk.url}/v1.0/oauth2/accessToken`, { appKey: sandbox.dingtalk.clientId, appSecret: sandbox.dingtalk.clientSecret });
    const first = (await ask()).json;
    expect(first).toEqual({ accessToken: expect.any(String) as string, expireIn: 7200 });
    clock.advance(7_199_999);
    expect((await ask()).json).toEqual(first);
    clock.advance(7_200_000);
    expect((await ask()).json["accessToken"]).not.toBe(first["accessToken"]);
  });

  it("are refused to strangers, in both APIs", async () => {
    const { dingtalk } = await openSandbox();
    expect(await postJson(`${dingtalk.url}/v1.0/oauth2/accessToken`, { appKey: "x", appSecret: "y" })).toMatchObject({ status: 400, json: { code: "invalidClientIdOrSecret" } });
    const old = (secret: string): Promise<unknown> => fetch(`${dingtalk.url}/gettoken?appkey=${dingtalk.clientId}&appsecret=${secret}`).then((response) => response.json());
    expect(await old("wrong")).toMatchObject({ errcode: 40089 });
    expect(await old(dingtalk.clientSecret)).toMatchObject({ errcode: 0, access_token: expect.any(String) as string, expires_in: 7200 });
  });

  it("are bad once revoked, with either status", async () => {
    const sandbox = await openSandbox();
    const call = await openCaller(sandbox);
    sandbox.dingtalk.revokeToken();
    expect(await call(BATCH, toUsers(sandbox, ["staff-1"]))).toMatchObject({ status: 400, json: { code: "InvalidAuthentication", message: "不合法的access_token" } });
    sandbox.dingtalk.behave({ badTokenStatus: 401 });
    expect((await call(BATCH, toUsers(sandbox, ["staff-1"]))).status).toBe(401);
  });
});

describe("the robot API", () => {
  it("writes to users and tells whom it did not reach", async () => {
    const sandbox = await openSandbox();
    sandbox.dingtalk.behave({ invalidStaffIds: ["gone"], flowControlledStaffIds: ["busy"] });
    const call = await openCaller(sandbox);
    const { status, json } = await call(BATCH, toUsers(sandbox, ["staff-1", "gone", "busy"]));
    expect(status).toBe(200);
    expect(json).toEqual({ processQueryKey: expect.any(String) as string, invalidStaffIdList: ["gone"], flowControlledStaffIdList: ["busy"] });
    expect(sandbox.dingtalk.sent).toMatchObject([{ via: "robot-api", user: "staff-1", kind: "sampleMarkdown", title: "T", text: "words" }]);
  });

  it("writes only into groups that the robot is in", async () => {
    const sandbox = await openSandbox();
    const call = await openCaller(sandbox);
    const message = { robotCode: sandbox.dingtalk.clientId, openConversationId: "cidGRP==", msgKey: "sampleText", msgParam: '{"content":"hi"}' };
    expect((await call("/robot/groupMessages/send", message)).json).toMatchObject({ code: "invalid.openConversationId" });
    sandbox.dingtalk.join("cidGRP==");
    expect((await call("/robot/groupMessages/send", message)).status).toBe(200);
    expect(await sandbox.dingtalk.nextReply({ group: "cidGRP==" })).toMatchObject({ group: "cidGRP==", text: "hi" });
  });

  it.each<readonly [title: string, change: object, code: string]>([
    ["another robot", { robotCode: "other" }, "robot.notExist"],
    ["21 users", { userIds: Array.from({ length: 21 }, (_, index) => `u-${index}`) }, "too.many.people"],
    ["no users", { userIds: [] }, "invalidParameter.userIds.empty"],
    ["no robotCode", { robotCode: undefined }, "invalidParameter.robotCode.empty"],
    ["an unknown template", { msgKey: "sampleNothing" }, "invalidParameter.msgKey.notExist"],
    ["parameters that are no JSON", { msgParam: "{" }, "invalidParameter.msgParam"],
    ["a missing parameter", { msgParam: '{"title":"T"}' }, "invalidParameter.msgParam"],
    ["15,001 bytes of parameters", { msgParam: JSON.stringify({ title: "T", text: "x".repeat(15_001) }) }, "invalidParameter.msgParam.tooLong"],
    ["media that was never uploaded", { msgKey: "sampleImageMsg", msgParam: '{"photoURL":"@nothing"}' }, "invalidParameter.mediaId"],
    ["a file as a voice", { msgKey: "sampleAudio", msgParam: '{"mediaId":"@nothing","duration":"1000"}' }, "invalidParameter.mediaId"],
    ["a file of a kind that has no icon", { msgKey: "sampleFile", msgParam: '{"mediaId":"@m","fileName":"a.txt","fileType":"txt"}' }, "invalidParameter.msgParam"],
  ])("refuses %s", async (_title, change, code) => {
    const sandbox = await openSandbox();
    const call = await openCaller(sandbox);
    const { status, json } = await call(BATCH, { ...toUsers(sandbox, ["staff-1"]), ...change });
    expect({ status, code: json["code"] }).toEqual({ status: 400, code });
    expect(sandbox.dingtalk.sent).toEqual([]);
  });

  it("takes 20 calls a second, and refuses as a test asks for", async () => {
    const clock = handClock();
    const sandbox = await openSandbox({ now: clock.now });
    const call = await openCaller(sandbox);
    const code = async (): Promise<unknown> => (await call(BATCH, toUsers(sandbox, ["staff-1"]))).json["code"];
    for (let count = 0; count < 20; count += 1) expect(await code()).toBeUndefined();
    expect(await code()).toBe("Forbidden.AccessDenied.QpsLimitForAppkeyAndApi");
    clock.advance(1_000);
    sandbox.dingtalk.refuse({ status: 403, code: "Forbidden.AccessDenied.AccessTokenPermissionDenied", accessdenieddetail: { requiredScopes: ["qyapi_robot_sendmsg"] } });
    expect((await call(BATCH, toUsers(sandbox, ["staff-1"]))).json).toMatchObject({ accessdenieddetail: { requiredScopes: ["qyapi_robot_sendmsg"] }, requestid: expect.any(String) as string });
    expect(await code()).toBeUndefined();
  });

  it("reacts to a message and takes it back", async () => {
    const sandbox = await openSandbox();
    const call = await openCaller(sandbox);
    const emotion = { robotCode: sandbox.dingtalk.clientId, openMsgId: "m", openConversationId: "c", emotionType: 2, emotionName: "思考" };
    for (const path of ["reply", "recall"]) expect((await call(`/robot/emotion/${path}`, emotion)).json).toEqual({ success: true });
    expect((await call("/robot/emotion/reply", { ...emotion, robotCode: "other" })).status).toBe(400);
    expect(sandbox.dingtalk.reactions.map(({ openMsgId, name, isRecalled }) => [openMsgId, name, isRecalled])).toEqual([["m", "思考", false], ["m", "思考", true]]);
  });

  it("answers 404 in the platform's shape to what it does not know", async () => {
    const sandbox = await openSandbox();
    const call = await openCaller(sandbox);
    expect(await call("/robot/unknown", {})).toMatchObject({ status: 404, json: { code: "InvalidAction.NotFound", requestid: expect.any(String) as string } });
  });
});
