import { createContext, type ChannelContext } from "@revka/core";
import { createManualClock, type ManualClock } from "@revka/core/testing";
import { describe, expect, it } from "vitest";
import type { TranscriptionSettings } from "../config/settings.ts";
import { createWhisper } from "./whisper.ts";
import { openWhisperServer, type WhisperAnswer, type WhisperServer } from "./whisper-server.test-support.ts";

const OGG = { bytes: Uint8Array.from(Buffer.from("4f67675300", "hex")), name: "voice.oga" };
const HELLO: WhisperAnswer = { status: 200, body: '{"text":" hello "}' };
const NEVER = new AbortController().signal;

interface Heard {
  readonly server: WhisperServer;
  readonly clock: ManualClock;
  readonly services: string[];
  readonly text: Promise<string>;
}

async function hear(answers: readonly WhisperAnswer[], over: Partial<TranscriptionSettings> = {}, signal = NEVER): Promise<Heard> {
  const server = await openWhisperServer(...answers);
  const clock = createManualClock();
  const services: string[] = [];
  const contextOf = (service: string): ChannelContext => {
    services.push(service);
    return createContext(service, { clock });
  };
  const whisper = createWhisper({ provider: "groq", url: server.url, maxBytes: 9, maxDurationMs: 9, timeoutMs: 5_000, ...over }, contextOf);
  const text = whisper.transcribe(OGG, signal);
  text.catch(() => undefined);
  return { server, clock, services, text };
}

describe("createWhisper", () => {
  it("posts the recording with all that the provider wants to know", async () => {
    const { server, services, text } = await hear([HELLO], { apiKey: "gsk_123456", model: "whisper-large-v3-turbo", language: "zh", prompt: "Revka" });
    await expect(text).resolves.toBe("hello");
    expect(server.calls).toEqual([
      {
        path: "/v1/audio/transcriptions",
        authorization: "Bearer gsk_123456",
        form: { file: "audio.ogg: OggS\0", response_format: "json", model: "whisper-large-v3-turbo", language: "zh", prompt: "Revka" },
      },
    ]);
    expect(services).toEqual(["transcription.groq"]);
  });

  it("sends nothing that is not configured", async () => {
    const { server, text } = await hear([HELLO], { provider: "local_whisper" });
    await text;
    expect(server.calls).toMatchObject([{ authorization: undefined, form: { file: "audio.ogg: OggS\0", response_format: "json" } }]);
  });

  it.each([
    ["a busy provider", { status: 429, body: "" }, 1_000],
    ["a busy provider that says how long", { status: 429, body: "", headers: { "retry-after": "3" } }, 3_000],
    ["a provider that fails", { status: 503, body: "" }, 1_000],
  ])("asks %s once more", async (_title, answer, waitMs) => {
    const { server, clock, text } = await hear([answer, HELLO]);
    await clock.untilPending(1);
    await clock.advance(waitMs - 1);
    expect(server.calls).toHaveLength(1);
    await clock.advance(1);
    await expect(text).resolves.toBe("hello");
    expect(server.calls).toHaveLength(2);
  });

  it("asks no third time", async () => {
    const { server, clock, text } = await hear([{ status: 500, body: "" }, { status: 502, body: "" }, HELLO]);
    await clock.untilPending(1);
    await clock.advance(1_000);
    await expect(text).rejects.toMatchObject({ code: "transient", status: 502 });
    expect(server.calls).toHaveLength(2);
  });

  it.each<[string, WhisperAnswer, string]>([
    ["a refused key", { status: 401, body: "" }, "auth"],
    ["a refused recording", { status: 400, body: "" }, "platform"],
    ["a long rest", { status: 429, body: "", headers: { "retry-after": "60" } }, "rate-limit"],
    ["an answer that is none", { status: 200, body: "<html>" }, "protocol"],
    ["silence", { status: 200, body: '{"text":" "}' }, "protocol"],
  ])("gives up at once for %s", async (_title, answer, code) => {
    const { server, text } = await hear([answer, HELLO], { apiKey: "gsk_123456" });
    await expect(text).rejects.toMatchObject({ code });
    await expect(text).rejects.not.toThrow("gsk_123456");
    expect(server.calls).toHaveLength(1);
  });

  it("ends with the signal", async () => {
    const { text } = await hear([HELLO], {}, AbortSignal.abort(new RangeError("enough")));
    await expect(text).rejects.toThrow("enough");
  });
});
