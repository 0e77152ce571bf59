import type { Attachment } from "@revka/core";
import { describe, expect, it, vi } from "vitest";
import { listenToPlatform } from "./listening.test-support.ts";
import { PATHS } from "./platform.test-support.ts";

const FILE: Attachment = { kind: "file", ref: { downloadCode: "c", robotCode: "other-robot" }, name: "notes.txt", mediaType: "text/plain" };

describe("createDownload", () => {
  it("asks for the file's URL in the name of its robot, and fetches it without a token", async () => {
    await using listening = await listenToPlatform();
    const { channel, platform } = listening;
    const media = await channel.download?.(FILE, { maxBytes: 100 });
    expect({ ...media, bytes: Buffer.from(media?.bytes ?? []).toString() }).toEqual({ bytes: "the file", name: "notes.txt", mediaType: "text/plain" });
    expect(platform.bodies(PATHS.download)).toEqual([{ downloadCode: "c", robotCode: "other-robot" }]);
    const fetched = platform.calls.find(({ path }) => path === "/blob/1.file");
    expect(fetched?.headers).not.toHaveProperty("x-acs-dingtalk-access-token");
  });

  it("says what the app lacks", async () => {
    await using listening = await listenToPlatform();
    listening.platform.answer(PATHS.download, {
      status: 403, body: { code: "Forbidden.AccessDenied.AccessTokenPermissionDenied", requestid: "r", message: "no", accessdenieddetail: { requiredScopes: ["qyapi_robot_sendmsg"] } },
    });
    await expect(listening.channel.download?.(FILE, { maxBytes: 100 })).rejects.toMatchObject({ code: "platform", requestId: "r", message: expect.stringContaining("needs qyapi_robot_sendmsg") as string });
  });

  it.each([
    ["a private address", { body: { downloadUrl: "http://10.0.0.1/x" } }, "protocol"],
    ["an answer without a URL", { body: {} }, "protocol"],
    ["a code that is over", { status: 400, body: { code: "invalidParameter.robotCode.downloadCode", message: "no" } }, "platform"],
    ["too many calls", { status: 403, body: { code: "Forbidden.AccessDenied.QpsLimitForApi", message: "no" } }, "rate-limit"],
  ])("refuses %s", async (_title, answer, code) => {
    await using listening = await listenToPlatform();
    listening.platform.answer(PATHS.download, answer);
    await expect(listening.channel.download?.(FILE, { maxBytes: 100 })).rejects.toMatchObject({ code });
  });

  it("fetches no more than it may", async () => {
    await using listening = await listenToPlatform();
    await expect(listening.channel.download?.(FILE, { maxBytes: 3 })).rejects.toMatchObject({ code: "too-large" });
  });
});

describe("createHealthCheck", () => {
  it("asks the platform only where nobody listens", async () => {
    await using listening = await listenToPlatform();
    const { channel, platform } = listening;
    await listening.connected();
    await vi.waitUntil(() => channel.status().state === "connected", { interval: 2 });
    expect(await channel.checkHealth()).toMatchObject({ ok: true, detail: "connected to the stream" });
    expect(platform.bodies(PATHS.token)).toEqual([]);
    await listening.stop();
    expect(await channel.checkHealth()).toMatchObject({ ok: true });
    expect(platform.bodies(PATHS.token)).toEqual([{ appKey: "ding-app-key", appSecret: "ding-app-secret" }]);
    platform.answer(PATHS.token, { status: 400, body: { code: "invalidClientIdOrSecret", message: "no" } });
    expect(await channel.checkHealth()).toMatchObject({ ok: false, detail: expect.stringContaining("invalidClientIdOrSecret") as string });
  });
});
