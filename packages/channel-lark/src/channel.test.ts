import { createContext } from "@revka/core";
import { describe, expect, it } from "vitest";
import { createLarkChannel } from "./channel.ts";
import { larkDefinition } from "./definition.ts";
import { CONFIG, listenToPlatform } from "./listening.test-support.ts";
import { ROUTES } from "./platform.test-support.ts";

describe("createLarkChannel", () => {
  it("says what it can do, for either region (LARK-01, LARK-30, LARK-33, LARK-04)", () => {
    expect(createLarkChannel(CONFIG)).toMatchObject({
      name: "lark", displayName: "Lark",
      capabilities: { receive: "socket", text: { limit: 28_000, unit: "bytes" }, markdown: true, proactive: true, idempotentSend: true },
    });
    expect(createLarkChannel({ ...CONFIG, region: "feishu" })).toMatchObject({ name: "feishu", displayName: "Feishu" });
    expect(createLarkChannel({ ...CONFIG, receiveMode: "webhook", port: 8081 }).capabilities.receive).toBe("webhook");
    expect(createLarkChannel(CONFIG, createContext("lark-2")).name).toBe("lark-2");
  });

  it("offers what is advertised: reactions, typing, voice, images and files (LARK-09)", () => {
    const channel = createLarkChannel(CONFIG);
    expect(Object.keys(channel)).toEqual(expect.arrayContaining(["react", "startTyping", "download", "openDraft", "expand"]));
    expect(channel.capabilities.mediaIn).toEqual(expect.arrayContaining(["image", "file", "audio"]));
    expect(larkDefinition.sections.map(({ fields }) => fields.some(({ key }) => key === "transcription"))).toEqual([true, true]);
  });

  it("is idle and calls nobody until it is asked to", () => {
    expect(createLarkChannel(CONFIG).status()).toMatchObject({ state: "idle", reconnects: 0 });
  });

  it("is healthy where the platform takes the credentials, and asks for one token only (LARK-50)", async () => {
    await using listening = await listenToPlatform();
    await listening.answered();
    await expect(listening.channel.checkHealth()).resolves.toMatchObject({ ok: true, detail: "connected, and the platform takes the credentials" });
    await listening.channel.checkHealth();
    expect(listening.platform.callsOf(ROUTES.token)).toHaveLength(1);
  });

  it("is not healthy where the platform refuses the credentials, or while it is not connected", async () => {
    const refused = { body: { code: 10014, msg: "app unavailable" } };
    await using listening = await listenToPlatform({ prepare: (platform) => platform.answer(ROUTES.token, refused) });
    await listening.answered();
    await expect(listening.channel.checkHealth()).resolves.toMatchObject({ ok: false, detail: expect.stringContaining("app unavailable") as string });
    await using waiting = await listenToPlatform({ prepare: (platform) => platform.answer(ROUTES.discover, { status: 500 }, { status: 500 }) });
    await waiting.logged("cannot connect", 2);
    await expect(waiting.channel.checkHealth()).resolves.toMatchObject({ ok: false, detail: expect.stringContaining("endpoint discovery failed") as string });
  });

  it("opens no port over the socket, whatever the port key says (LARK-05, LARK-23)", async () => {
    await using listening = await listenToPlatform({ config: { port: -1 } });
    await listening.connected();
    expect(listening.logger.text()).not.toContain("listening on");
  });

  it("stops at once when it is aborted beforehand, without a call", async () => {
    await using listening = await listenToPlatform();
    const channel = createLarkChannel({ ...CONFIG, baseUrl: listening.platform.url });
    await listening.stop();
    const before = listening.platform.calls.length;
    await channel.listen(() => Promise.resolve("accepted"), AbortSignal.abort());
    expect([channel.status().state, listening.platform.calls.length]).toEqual(["stopped", before]);
  });
});
