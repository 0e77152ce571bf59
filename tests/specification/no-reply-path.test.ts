import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { startDaemon } from "../support/daemon.ts";
import { openSandbox, sectionOf } from "../support/sections.ts";
import { revka } from "../support/revka.ts";
import { tempFolder } from "../support/temp-folder.ts";

const NO_WEBHOOK = "No session webhook found for chat staff-1. The user must send a message first to establish a session.";

describe("DingTalk, from the command line, before anybody has written", () => {
  it("has no way to answer and says so word for word, with a daemon and without one (GW-52)", async () => {
    const sandbox = await openSandbox();
    const { dingtalk } = sandbox;
    const folder = await tempFolder();
    const config = sectionOf(sandbox, "dingtalk");
    await writeFile(join(folder, "config.toml"), config, { mode: 0o600 });
    const send = (text: string) => revka(["channel", "send", text, "--channel-id", "dingtalk", "--recipient", "staff-1", "--config", folder]);
    const refused = { exitCode: 1, stdout: "", stderr: expect.stringContaining(NO_WEBHOOK) as string };
    expect(await send("anybody there?")).toMatchObject(refused);

    await startDaemon(folder);
    await dingtalk.nextConnection();
    expect(await send("anybody there?")).toMatchObject(refused);
    dingtalk.say("staff-1", "here I am");
    await dingtalk.nextReply("staff-1");
    expect(await send("good to know")).toMatchObject({ exitCode: 0, stdout: "Message sent via dingtalk.\n" });
    expect(dingtalk.sent.map(({ text }) => text)).toEqual(["here I am", "good to know"]);
  }, 60_000);
});
