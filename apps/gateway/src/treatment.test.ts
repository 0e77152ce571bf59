import { createContext } from "@revka/core";
import { createManualClock } from "@revka/core/testing";
import { describe, expect, it } from "vitest";
import type { ChannelSettings } from "./config/settings.ts";
import { createTestChannel } from "./testing/test-channel.test-support.ts";
import { createTestSettings } from "./testing/test-house.test-support.ts";
import { createTreatments, unusedSettings } from "./treatment.ts";

const { dispatch } = createTestSettings();
const transcription = { provider: "groq", url: "https://api.groq.com/x", maxBytes: 1, maxDurationMs: 2, timeoutMs: 3 } as const;

describe("createTreatments", () => {
  it("goes by the channel's section, and by all channels' settings where that says nothing", () => {
    const { of: treatmentOf, replace } = createTreatments({ dispatch, channels: { a: { ackReactions: false, transcription } } }, (service) => createContext(service));
    expect(treatmentOf("a")).toMatchObject({ ackReactions: false, streamMode: "off", draftUpdateIntervalMs: 1000, transcriber: { maxBytes: 1, maxDurationMs: 2 } });
    expect(treatmentOf("b")).toMatchObject({ ackReactions: true, streamMode: "off" });
    expect(treatmentOf("b").transcriber).toBeUndefined();
    replace({ dispatch: { ...dispatch, streamMode: "partial" }, channels: { b: { ackReactions: false } } });
    expect([treatmentOf("a"), treatmentOf("b")]).toMatchObject([{ ackReactions: true, streamMode: "partial" }, { ackReactions: false, streamMode: "partial" }]);
  });
});

describe("unusedSettings", () => {
  const clock = createManualClock();
  const plain = createTestChannel({ name: "a", clock });
  const able = createTestChannel({ name: "a", clock, methods: { openDraft: () => Promise.reject(new RangeError()), react: () => Promise.resolve() } });
  it.each<[string, ChannelSettings, number, number]>([
    ["nothing", {}, 0, 0],
    ["a growing answer", { streamMode: "partial" }, 1, 0],
    ["reactions", { ackReactions: true }, 1, 0],
    ["neither", { streamMode: "off", ackReactions: false }, 0, 0],
  ])("names what a channel's section asks for in vain: %s", (_title, settings, onPlain, onAble) => {
    const count = (channel: typeof plain): number => unusedSettings([channel], { dispatch, channels: { a: settings } }).length;
    expect([count(plain), count(able)]).toEqual([onPlain, onAble]);
  });

  it("says nothing of reactions that nobody asked for", () => {
    expect(unusedSettings([plain], { dispatch, channels: {} })).toEqual([]);
  });
});
