import { PayloadTooLargeError, type Attachment, type Channel, type DownloadOptions, type InboundMessage, type MessagePart } from "@revka/core";
import { createManualClock, recordingLogger, type ManualClock, type RecordingLogger } from "@revka/core/testing";
import { describe, expect, it } from "vitest";
import { DEFAULT_SETTINGS } from "../config/default-settings.ts";
import { createMessage, createTestChannel } from "../testing/test-channel.test-support.ts";
import type { GatewayObserver } from "../observer.ts";
import type { Transcriber } from "../transcription/transcriber.ts";
import { needsPreparing, prepareMessage, type PreparedMessage } from "./prepare-message.ts";

const PNG = Uint8Array.from(Buffer.from("89504e470d0a1a0a0000", "hex"));
const image: Attachment = { kind: "image", ref: "image" };
const voice: Attachment = { kind: "audio", ref: "voice", name: "v.ogg" };
const file: Attachment = { kind: "file", ref: "file", name: "a.txt" };

interface Preparing {
  readonly clock: ManualClock;
  readonly logger: RecordingLogger;
  readonly controller: AbortController;
  readonly asked: [Attachment, DownloadOptions][];
  /** What was observed, and how long it took. */
  readonly steps: [string, number | undefined][];
  readonly prepared: Promise<PreparedMessage>;
}

interface Given extends Partial<Pick<Channel, "download" | "expand">> {
  readonly transcriber?: Transcriber;
}

function prepare(parts: readonly MessagePart[], { transcriber, ...methods }: Given = {}): Preparing {
  const clock = createManualClock();
  const logger = recordingLogger();
  const controller = new AbortController();
  const asked: [Attachment, DownloadOptions][] = [];
  const steps: [string, number | undefined][] = [];
  const observe: GatewayObserver = ({ step, durationMs }) => steps.push([step, durationMs]);
  const { download = () => Promise.resolve({ bytes: PNG }), expand } = methods;
  const channel = createTestChannel({
    clock,
    methods: {
      download(attachment, options) {
        asked.push([attachment, options]);
        return download(attachment, options);
      },
      ...(expand !== undefined && { expand }),
    },
  });
  const { multimodal, media } = DEFAULT_SETTINGS;
  const means = { channel, messageId: "m", multimodal, media, transcriber, clock, logger, observe, redact: (text: string) => text, stopping: controller.signal };
  const prepared = prepareMessage(createMessage("m", { parts }, clock), means);
  prepared.catch(() => undefined);
  return { clock, logger, controller, asked, steps, prepared };
}

const hears = (text: string): Transcriber => ({ maxBytes: 100, maxDurationMs: 10_000, transcribe: () => Promise.resolve(text) });
const kindsOf = ({ contents }: PreparedMessage): [number, string][] => [...contents].map(([place, { kind }]) => [place, kind]);

describe("prepareMessage", () => {
  it("fetches images and files, and gives their bytes with the place of their part", async () => {
    const { prepared, asked } = prepare([{ kind: "text", text: "look" }, image, file, { kind: "video", ref: "video" }]);
    expect(kindsOf(await prepared)).toEqual([[1, "image"], [2, "image"]]);
    expect((await prepared).media).toEqual([{ part: 1, bytes: PNG }, { part: 2, bytes: PNG, name: "a.txt" }]);
    expect(asked.map(([{ ref }, { maxBytes }]) => [ref, maxBytes])).toEqual([["image", 5_242_880], ["file", 5_242_880]]);
  });

  it("fetches no more images than max_images, and counts files that are images as such", async () => {
    const { prepared, asked } = prepare([image, image, file, image, file, image, image]);
    expect(kindsOf(await prepared)).toEqual([[0, "image"], [1, "image"], [2, "image"], [3, "image"], [4, "binary"], [5, "binary"]]);
    expect([asked.length, (await prepared).media.length]).toEqual([6, 4]);
  });

  it("has three downloads under way at most", async () => {
    let underWay = 0;
    let peak = 0;
    const gate = Promise.withResolvers<undefined>();
    const download = async () => {
      peak = Math.max(peak, (underWay += 1));
      await gate.promise;
      underWay -= 1;
      return { bytes: PNG };
    };
    const { clock, prepared } = prepare(Array.from({ length: 9 }, () => file), { download });
    await clock.advance(0);
    gate.resolve(undefined);
    expect([(await prepared).contents.size, peak]).toEqual([9, 3]);
  });

  it("says of each what went wrong, and fetches nothing that is known to be too large (LARK-37, LARK-41)", async () => {
    const download = ({ ref }: Attachment) =>
      Promise.reject(ref === "large" ? new PayloadTooLargeError("over", { limit: 1, actual: 2, unit: "bytes" }) : new RangeError("gone"));
    const { prepared, logger, asked } = prepare([image, { ...file, ref: "large" }, { ...image, sizeBytes: 5_242_881 }], { download });
    expect(kindsOf(await prepared)).toEqual([[0, "failed"], [1, "too-large"], [2, "too-large"]]);
    expect([logger.entries.length, asked.length]).toEqual([1, 2]);
    expect(logger.entries).toMatchObject([{ level: "warn", fields: { message_id: "m", kind: "image", error: "gone" } }]);
  });

  it("takes 60 s at most; what is not there by then has failed", async () => {
    const download = ({ ref }: Attachment) => (ref === "file" ? Promise.resolve({ bytes: PNG }) : new Promise<never>(() => undefined));
    const { clock, prepared } = prepare([image, file], { download });
    await clock.advance(60_000);
    expect(kindsOf(await prepared)).toEqual([[0, "failed"], [1, "image"]]);
    expect(clock.pending).toBe(0);
  });

  it("ends with the gateway, and logs nothing then", async () => {
    const { controller, logger, prepared } = prepare([image, voice], { download: () => new Promise(() => undefined), transcriber: hears("") });
    controller.abort(new RangeError("stopping"));
    await expect(prepared).rejects.toThrow("stopping");
    expect(logger.entries).toEqual([]);
  });

  it("fetches what a message points to before its files", async () => {
    const expand = (message: InboundMessage) => Promise.resolve({ ...message, parts: [{ kind: "quote", text: "before" } as const, image] });
    const { prepared } = prepare([], { expand });
    expect((await prepared).message.parts).toHaveLength(2);
    expect(kindsOf(await prepared)).toEqual([[1, "image"]]);
  });

  it("goes on with the message as it is when that fails", async () => {
    const { prepared, logger } = prepare([image], { expand: () => Promise.reject(new RangeError("gone")) });
    expect(kindsOf(await prepared)).toEqual([[0, "image"]]);
    expect(logger.entries).toMatchObject([{ level: "warn", fields: { error: "gone" } }]);
  });
});

describe("voice messages", () => {
  it("become what was said (LARK-42)", async () => {
    const { prepared, asked, steps } = prepare([voice], { transcriber: hears("hello") });
    expect((await prepared).contents.get(0)).toEqual({ kind: "transcript", text: "hello" });
    expect(steps).toEqual([["transcribed", 0]]);
    expect(asked).toMatchObject([[{ ref: "voice" }, { maxBytes: 100 }]]);
  });

  it.each([
    ["nobody transcribes", voice, undefined],
    ["the platform has done it", { ...voice, transcript: "hi" }, hears("hello")],
  ])("are not fetched where %s", async (_title, part, transcriber) => {
    const { prepared, asked } = prepare([part], { ...(transcriber !== undefined && { transcriber }) });
    expect([(await prepared).contents.size, asked.length]).toEqual([0, 0]);
  });

  it.each([
    ["are too large, as the platform says (LARK-43)", { ...voice, sizeBytes: 101 }, "test audio download exceeds 100 byte limit", 0],
    ["are too large, as it turns out (LARK-43, LARK-82)", voice, "test audio download exceeds 100 byte limit", 1],
    ["are too long", { ...voice, durationMs: 10_001 }, "test audio is longer than 10 s (transcription.max_duration_secs)", 0],
  ])("are not transcribed when they %s", async (_title, part, error, downloads) => {
    const download = () => Promise.reject(new PayloadTooLargeError("over", { limit: 1, actual: 2, unit: "bytes" }));
    const { prepared, logger, asked } = prepare([part], { transcriber: hears("hello"), download });
    expect(kindsOf(await prepared)).toEqual([[0, "failed"]]);
    expect(asked).toHaveLength(downloads);
    expect(logger.entries).toMatchObject([{ fields: { error } }]);
  });

  it("that nobody understands in time hold up no answer", async () => {
    const { clock, prepared, steps } = prepare([voice], { transcriber: { ...hears(""), transcribe: () => new Promise(() => undefined) } });
    await clock.advance(60_000);
    expect(kindsOf(await prepared)).toEqual([[0, "failed"]]);
    expect(steps).toEqual([["not-transcribed", 60_000]]);
  });
});

describe("needsPreparing", () => {
  const clock = createManualClock();
  const words = createMessage("m", {}, clock);
  const download = () => Promise.reject(new RangeError());
  it.each<[string, InboundMessage, Partial<Channel>, boolean]>([
    ["words alone", words, { download }, false],
    ["words that may point to others", words, { expand: (message: InboundMessage) => Promise.resolve(message) }, true],
    ["a file", { ...words, parts: [file] }, { download }, true],
    ["a file of a channel that fetches none", { ...words, parts: [file] }, {}, false],
  ])("judges %s", (_title, message, methods, expected) => {
    expect(needsPreparing(message, createTestChannel({ clock, methods }))).toBe(expected);
  });
});
