import type { Draft } from "@revka/core";
import { createManualClock, recordingLogger } from "@revka/core/testing";
import { describe, expect, it } from "vitest";
import { createLiveDraft } from "./live-draft.ts";

const NEVER = new AbortController().signal;
const NO = new RangeError("no");

/** A draft that notes what is done to it; what fails is told by the step, as often as it is listed. */
function open(...failing: readonly string[]) {
  const clock = createManualClock();
  const logger = recordingLogger();
  const log: string[] = [];
  const failures = [...failing];
  const step = async (name: string, text = ""): Promise<void> => {
    log.push(text === "" ? name : `${name} ${text}`);
    const place = failures.indexOf(name);
    if (place < 0) return;
    failures.splice(place, 1);
    throw await Promise.resolve(NO);
  };
  const draft: Draft = {
    update: (text) => step("update", text),
    finish: async (text) => {
      await step("finish", text);
      return { messageIds: ["d"] };
    },
    cancel: () => step("cancel"),
  };
  const begin = async (): Promise<Draft> => {
    await step("open");
    return draft;
  };
  const options = { intervalMs: 1_000, visible: (text: string) => text.replace("hidden", ""), clock, logger, redact: (text: string) => text, stopped: NEVER, facts: {} };
  return { clock, logger, log, live: createLiveDraft(begin, options) };
}

describe("createLiveDraft", () => {
  it("opens with the first words, and joins what comes too fast to the newest", async () => {
    const { clock, log, live } = open();
    expect(log).toEqual([]);
    for (const text of ["a", "ab", "abc"]) live.show(text);
    await clock.advance(999);
    expect(log).toEqual(["open", "update a"]);
    await clock.advance(1);
    expect(log).toEqual(["open", "update a", "update abc"]);
    await clock.advance(5_000);
    live.show("abcd");
    await clock.advance(0);
    expect(log.at(-1)).toBe("update abcd");
    await live.finish("end");
    expect(clock.pending).toBe(0);
  });

  it("becomes the answer's first message", async () => {
    const { log, live } = open();
    live.show("a");
    await expect(live.finish("answer")).resolves.toEqual({ messageIds: ["d"] });
    live.show("late");
    await live[Symbol.asyncDispose]();
    expect(log).toEqual(["open", "update a", "finish answer"]);
  });

  it("is not opened for nothing", async () => {
    const { log, live } = open();
    live.show("hidden");
    await expect(live.finish("answer")).resolves.toBeUndefined();
    expect(log).toEqual([]);
  });

  it.each([
    ["the answer begins with a file", async (live: ReturnType<typeof open>["live"]) => {
      await live.finish(undefined);
    }],
    ["there is no answer", (live: ReturnType<typeof open>["live"]) => live[Symbol.asyncDispose]()],
  ])("is taken away when %s", async (_title, end) => {
    const { log, live } = open();
    live.show("a");
    await end(live);
    await live[Symbol.asyncDispose]();
    expect(log).toEqual(["open", "update a", "cancel"]);
  });

  it("drops an update that fails, and gives up after three in a row", async () => {
    const { clock, log, live } = open("update", "update", "open", "update");
    for (const text of ["a", "b", "c", "d", "e"]) {
      live.show(text);
      await clock.advance(1_000);
    }
    expect(log).toEqual(["open", "open", "update b", "update c"]);
    await live.finish("answer");
    expect(log.at(-1)).toBe("finish answer");
  });

  it("goes on after failures that are not in a row", async () => {
    const { clock, log, live } = open("update", "update");
    for (const text of ["a", "b", "c", "d"]) {
      live.show(text);
      await clock.advance(1_000);
    }
    expect(log).toEqual(["open", "update a", "update b", "update c", "update d"]);
  });

  it("leaves the answer to an ordinary send when it cannot be finished", async () => {
    const { log, logger, live } = open("finish", "cancel");
    live.show("a");
    await expect(live.finish("answer")).resolves.toBeUndefined();
    expect(log).toEqual(["open", "update a", "finish answer", "cancel"]);
    expect(logger.entries.map(({ level }) => level)).toEqual(["debug", "debug"]);
  });
});
