import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createQqChannel } from "@revka/channel-qq";
import { recordingLogger, type RecordingLogger } from "@revka/core/testing";
import { createGateway, type Agent, type TurnEvent, type TurnRequest } from "@revka/gateway";
import { startSandbox, type QqControl, type QqSent } from "@revka/sandbox";
import { describe, expect, it, onTestFinished } from "vitest";
import { testSettings } from "../support/settings.ts";
import { tempFolder } from "../support/temp-folder.ts";

const PNG = Uint8Array.from(Buffer.from("89504e470d0a1a0a0000000d49484452", "hex"));
const WAV = new TextEncoder().encode("RIFF....WAVEfmt ");
const FILE_TYPE = { image: 1, video: 2, voice: 3, file: 4 } as const;

interface MarkerHouse {
  readonly qq: QqControl;
  readonly logger: RecordingLogger;
  /** The folder that the agent may send files from. */
  readonly outbox: string;
  /** What the agent was asked, in order. */
  readonly requests: readonly TurnRequest[];
  /** Lets a user ask, and gives the first `count` messages of the answer. */
  readonly ask: (count: number) => Promise<readonly QqSent[]>;
}

/** QQ, and a gateway whose agent answers with `answer`, markers and all. */
async function openMarkerHouse(answer: string): Promise<MarkerHouse> {
  const sandbox = await startSandbox();
  onTestFinished(() => sandbox.close());
  const { qq } = sandbox;
  const folder = await tempFolder();
  const logger = recordingLogger();
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
    logger,
    agent,
    createChannels: (contextOf) =>
      Promise.resolve({ channels: [createQqChannel({ appId: qq.appId, appSecret: qq.appSecret, baseUrl: qq.url, allowedUsers: ["*"] }, contextOf("qq"))], warnings: [] }),
  });
  onTestFinished(() => gateway.stop());
  await gateway.start();
  await qq.nextLogin();
  return {
    ...{ qq, logger, requests, outbox: join(folder, "workspace", "outbox") },
    async ask(count) {
      qq.say("user-1", "please");
      const replies: QqSent[] = [];
      while (replies.length < count) replies.push(await qq.nextReply("user-1"));
      return replies;
    },
  };
}

describe("what an agent wants to send", () => {
  it.each<[string, string, Uint8Array, number]>([
    ["[IMAGE:a.png]", "a.png", PNG, FILE_TYPE.image],
    ["[photo: a.png ]", "a.png", PNG, FILE_TYPE.image],
    ["[VIDEO:a.mp4]", "a.mp4", Uint8Array.from(Buffer.from("0000001866747970697336d6", "hex")), FILE_TYPE.video],
    ["[VOICE:a.wav]", "a.wav", WAV, FILE_TYPE.voice],
    ["[AUDIO:a.wav]", "a.wav", WAV, FILE_TYPE.voice],
    ["[AUDIO:a.ogg]", "a.ogg", new TextEncoder().encode("OggS"), FILE_TYPE.file],
    ["[VOICE:a.flac]", "a.flac", new TextEncoder().encode("fLaC"), FILE_TYPE.file],
    ["[FILE:a.txt]", "a.txt", new TextEncoder().encode("hello"), FILE_TYPE.file],
    ["[Document:a.txt]", "a.txt", new TextEncoder().encode("hello"), FILE_TYPE.file],
  ])("goes out as the medium that its marker names: %s (QQ-21, QQ-22, QQ-27, QQ-D05, GW-58)", async (marker, name, bytes, fileType) => {
    const { qq, outbox, ask } = await openMarkerHouse(`look\n${marker}`);
    qq.behave({ checksFormats: false });
    await writeFile(join(outbox, name), bytes);
    const [text, media] = await ask(2);
    expect(text).toMatchObject({ text: "look" });
    expect(media?.media).toMatchObject({ fileType, size: bytes.length });
  });

  it("is left alone inside code, and when nobody knows the kind (QQ-D14)", async () => {
    const answer = "`[IMAGE:a.png]` and [STICKER:a.png]\n```\n[FILE:b.txt]\n```";
    const { qq, ask, requests } = await openMarkerHouse(answer);
    const [text] = await ask(1);
    expect(text).toMatchObject({ text: answer });
    expect(qq.uploads).toEqual([]);
    expect(requests[0]?.hints).toMatchObject({ format: "markdown", markers: ["IMAGE", "VOICE", "VIDEO", "FILE"] });
  });

  it("is said in a line where it cannot be sent, and the rest goes out all the same (QQ-D09)", async () => {
    const { ask, logger } = await openMarkerHouse("[IMAGE:gone.png]\n[FILE:http://127.0.0.1:1/plan.pdf]\nthe end");
    const replies = await ask(3);
    expect(replies.map(({ text }) => text)).toEqual(["(attachment not sent: gone.png)", expect.stringMatching(/^File: /), "the end"]);
    expect(logger.text()).toContain("A file of an answer is not sent");
  });
});

describe("what a user sends", () => {
  it("reaches the agent as markers and words: pictures, files, and what was said (QQ-D11)", async () => {
    const { qq, requests } = await openMarkerHouse("thanks");
    const sent = [
      { kind: "image", bytes: PNG, name: "a.png" },
      { kind: "voice", bytes: WAV, transcript: "restart the build" },
      { kind: "video", bytes: WAV, name: "b.mp4" },
      { kind: "file", bytes: new TextEncoder().encode("a,b\n"), name: "table.csv" },
    ] as const;
    for (const attachment of sent) {
      qq.say("user-1", { attachments: [attachment] });
      await qq.nextReply("user-1");
    }
    expect(requests.map(({ message }) => message.rendered)).toEqual([
      `[IMAGE:data:image/png;base64,${Buffer.from(PNG).toString("base64")}]`,
      "<VOICE_TRANSCRIPTION>restart the build</VOICE_TRANSCRIPTION>",
      "[Video: b.mp4 attached]",
      "[FILE:table.csv]\n```csv\na,b\n```",
    ]);
  });
});
