import { describe, expect, it } from "vitest";
import { audioFileName } from "./audio-file.ts";

const bytesOf = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex.replaceAll(" ", "").padEnd(64, "0"), "hex"));

describe("audioFileName", () => {
  it.each([
    ["Ogg, as Lark's Opus", "4f676753", "audio.ogg"],
    ["MP3", "49443303", "audio.mp3"],
    ["WAV", "52494646 00000000 57415645", "audio.wav"],
    ["FLAC", "664c614300", "audio.flac"],
    ["M4A", "00000020 66747970 4d344120", "audio.m4a"],
    ["MP4", "00000020 66747970 69736f6d", "audio.mp4"],
    ["WebM", "1a45dfa3 7765626d", "audio.webm"],
  ])("goes by the first bytes: %s", (_title, hex, name) => {
    expect(audioFileName({ bytes: bytesOf(hex), name: "voice.amr", mediaType: "audio/amr" })).toBe(name);
  });

  it.each([
    ["voice.OGA", undefined, "audio.ogg"],
    ["voice.opus", undefined, "audio.ogg"],
    ["voice.mpga", undefined, "audio.mpga"],
    ["voice", "audio/webm", undefined],
    [undefined, "audio/ogg; codecs=opus", "audio.ogg"],
  ])("goes by the name %s or the type %s where the bytes tell nothing", (name, mediaType, expected) => {
    const media = { bytes: bytesOf("00"), ...(name !== undefined && { name }), ...(mediaType !== undefined && { mediaType }) };
    if (expected === undefined) expect(() => audioFileName(media)).toThrow(TypeError);
    else expect(audioFileName(media)).toBe(expected);
  });

  it.each([
    ["AMR", "2321414d520a", "voice.mp3"],
    ["SILK", "02232153494c4b5f5633", "voice.mp3"],
    ["a picture", "89504e470d0a1a0a", "voice.mp3"],
    ["nobody knows what", "00", "voice.aac"],
  ])("refuses %s", (_title, hex, name) => {
    expect(() => audioFileName({ bytes: bytesOf(hex), name })).toThrow("cannot be transcribed");
  });
});
