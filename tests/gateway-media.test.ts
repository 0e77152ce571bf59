import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createDingtalkChannel } from "@revka/channel-dingtalk";
import { recordingLogger } from "@revka/core/testing";
import { createGateway, type Agent, type TurnEvent, type TurnRequest } from "@revka/gateway";
import { startSandbox, type DingtalkControl } from "@revka/sandbox";
import { describe, expect, it, onTestFinished } from "vitest";
import { testSettings } from "./support/settings.ts";
import { tempFolder } from "./support/temp-folder.ts";

const PNG = Uint8Array.from(Buffer.from("89504e470d0a1a0a0000000d49484452", "hex"));

interface MediaHouse {
  readonly dingtalk: DingtalkControl;
  readonly folder: string;
  /** What the agent was asked, in order. */
  readonly requests: readonly TurnRequest[];
}

/** DingTalk, and a gateway whose agent answers with `answer`, markers and all. */
async function openMediaHouse(answer: string): Promise<MediaHouse> {
  const sandbox = await startSandbox();
  onTestFinished(() => sandbox.close());
  const { clientId, clientSecret, url: baseUrl } = sandbox.dingtalk;
  const folder = await tempFolder();
  const requests: TurnRequest[] = [];
  const agent: Agent = {
    kind: "test",
    outboundMarkers: true,
    async *turn(request) {
      requests.push(request);
      yield await Promise.resolve<TurnEvent>({ kind: "done", text: answer });
    },
  };
  const gateway = await createGateway({
    folder,
    settings: testSettings(),
    logger: recordingLogger(),
    agent,
    createChannels: (contextOf) =>
      Promise.resolve({ channels: [createDingtalkChannel({ clientId, clientSecret, baseUrl, allowedUsers: ["*"] }, contextOf("dingtalk"))], warnings: [] }),
  });
  onTestFinished(() => gateway.stop());
  await gateway.start();
  await sandbox.dingtalk.nextConnection();
  return { dingtalk: sandbox.dingtalk, folder, requests };
}

describe("a gateway with DingTalk", () => {
  it("shows the agent what people send: pictures, text files, what was said", async () => {
    const { dingtalk, requests } = await openMediaHouse("thanks");
    const contents = [
      { msgtype: "picture", bytes: PNG },
      { msgtype: "file", bytes: new TextEncoder().encode("a,b\n1,2\n"), fileName: "table.csv" },
      { msgtype: "file", bytes: PNG, fileName: "shot.png" },
      { msgtype: "file", bytes: Uint8Array.of(0, 1, 2), fileName: "data.bin" },
      { msgtype: "audio", bytes: Uint8Array.of(1), recognition: "restart the build", durationMs: 4_000 },
    ] as const;
    for (const content of contents) {
      dingtalk.say("staff-1", content);
      await dingtalk.nextReply("staff-1");
    }
    const picture = `[IMAGE:data:image/png;base64,${Buffer.from(PNG).toString("base64")}]`;
    expect(requests.map(({ message }) => message.rendered)).toEqual([
      picture,
      "[FILE:table.csv]\n```csv\na,b\n1,2\n```",
      picture,
      expect.stringMatching(/^\[ATTACHMENT:data\.bin \|.* size=3 bytes\]$/),
      "<VOICE_TRANSCRIPTION>restart the build</VOICE_TRANSCRIPTION>",
    ]);
  });

  it("sends the pictures of an answer in its place, from the outbox and as data", async () => {
    const { dingtalk, folder } = await openMediaHouse(`look\n[IMAGE:cat.png]\nand\n[IMAGE:data:image/png;base64,${Buffer.from(PNG).toString("base64")}]`);
    await writeFile(join(folder, "workspace", "outbox", "cat.png"), PNG);
    dingtalk.say("staff-1", "a picture, please");
    const shown: string[] = [];
    for (let count = 0; count < 4; count += 1) shown.push((await dingtalk.nextReply("staff-1")).text);
    expect(shown).toEqual(["look", expect.stringMatching(/^!\[cat\.png\]\(@\w+\)$/), "and", expect.stringMatching(/^!\[image\.png\]\(@\w+\)$/)]);
  });

  it("says in a line what it does not send, and reads nothing outside the outbox (P-1)", async () => {
    const { dingtalk, folder } = await openMediaHouse("[IMAGE:../secret.png]\n[FILE:https://example.com/plan.pdf]\n[VOICE:/etc/hostname]");
    await mkdir(join(folder, "workspace"), { recursive: true });
    await writeFile(join(folder, "workspace", "secret.png"), PNG);
    dingtalk.say("staff-1", "your secrets, please");
    const shown: string[] = [];
    for (let count = 0; count < 3; count += 1) shown.push((await dingtalk.nextReply("staff-1")).text);
    expect(shown).toEqual(["(attachment not sent: secret.png)", "File: https://example.com/plan.pdf", "(attachment not sent: hostname)"]);
  });
});
