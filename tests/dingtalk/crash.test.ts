import { startSandbox } from "@revka/sandbox";
import { describe, expect, it, onTestFinished } from "vitest";
import type { Daemon } from "../support/daemon.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { startDaemon } from "./daemon.ts";

/** Longer than any test: an agent that never gets there. */
const FOREVER_MS = 600_000;

async function openCrashHouse() {
  const sandbox = await startSandbox();
  onTestFinished(() => sandbox.close());
  const { dingtalk } = sandbox;
  const folder = await tempFolder();
  const settings = sandbox.settingsFor("dingtalk");
  return {
    dingtalk,
    /** Starts a daemon on the one folder; resolves when it is connected. */
    start: async (delayMs = 0): Promise<Daemon> => {
      const daemon = await startDaemon({ folder, settings, delayMs });
      await dingtalk.nextConnection();
      return daemon;
    },
  };
}

describe("a daemon that is killed with -9 in the middle of a conversation", { timeout: 60_000 }, () => {
  it("answers through the stored webhooks after a restart, in order and where it was asked", async () => {
    const { dingtalk, start } = await openCrashHouse();
    const first = await start(FOREVER_MS);
    const said = [["staff-1", "one", {}], ["staff-1", "two", {}], ["staff-2", "three", { group: "cidA==" }]] as const;
    for (const [user, text, place] of said) dingtalk.say(user, text, place);
    for (const _message of said) expect(await dingtalk.nextAck()).toMatchObject({ counts: true });
    expect(await first.end("SIGKILL")).toBe("SIGKILL");
    expect(dingtalk.sent).toEqual([]);

    const second = await start();
    for (const text of ["one", "two"]) expect(await dingtalk.nextReply("staff-1")).toMatchObject({ via: "webhook", text });
    expect(await dingtalk.nextReply({ group: "cidA==" })).toMatchObject({ via: "webhook", text: "three" });
    expect(await second.end("SIGTERM")).toBe(0);
    expect(dingtalk.sent).toHaveLength(said.length);
    expect(dingtalk.deliveries).toHaveLength(said.length);
  });

  it("takes what it had not acknowledged when the platform brings it again", async () => {
    const { dingtalk, start } = await openCrashHouse();
    const first = await start();
    dingtalk.behave({ redeliverAfterMs: 200, redeliveries: 1_000 });
    expect(await first.end("SIGKILL")).toBe("SIGKILL");
    dingtalk.say("staff-1", "anybody there?");
    await start();
    expect(await dingtalk.nextReply("staff-1")).toMatchObject({ text: "anybody there?" });
    expect(dingtalk.sent).toHaveLength(1);
  });
});
