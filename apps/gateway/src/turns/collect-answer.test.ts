import { createManualClock, recordingLogger, type ManualClock, type RecordingLogger } from "@revka/core/testing";
import { describe, expect, it } from "vitest";
import type { Agent, TurnEvent } from "../agents/agent.ts";
import { createScriptedAgent, deafAgent } from "../testing/test-agent.test-support.ts";
import { createMessage, createTestChannel } from "../testing/test-channel.test-support.ts";
import { collectAnswer } from "./collect-answer.ts";
import type { TurnOutcome } from "./turn-outcome.ts";
import { createTurnRequest } from "./turn-request.ts";

interface Ran {
  readonly clock: ManualClock;
  readonly logger: RecordingLogger;
  readonly controller: AbortController;
  readonly outcome: Promise<TurnOutcome>;
}

function run(script: readonly (TurnEvent | number | Error)[] | Agent, onText: (text: string) => void = () => undefined): Ran {
  const clock = createManualClock();
  const logger = recordingLogger();
  const controller = new AbortController();
  const agent = "turn" in script ? script : createScriptedAgent(script, (ms, signal) => clock.sleep(ms, signal));
  const entry = { seq: 1, state: "accepted", message: createMessage("m", {}, clock), acceptedAt: 0, attempt: 0 } as const;
  const request = createTurnRequest(entry, createTestChannel({ clock }), { turnId: "t", attempt: 1, conversationKey: "k" });
  const outcome = collectAnswer(request, { agent, limits: { idleTimeoutMs: 30_000, turnTimeoutMs: 100_000 }, clock, logger, onText, signal: controller.signal });
  outcome.catch(() => undefined);
  return { clock, logger, controller, outcome };
}

const drip = Array.from({ length: 20 }, () => [{ kind: "delta", text: "." } as const, 9_000]).flat();

describe("collectAnswer", () => {
  it.each<[string, (TurnEvent | Error)[], TurnOutcome]>([
    ["deltas", [{ kind: "delta", text: "a" }, { kind: "delta", text: "b" }, { kind: "done" }], { kind: "answered", text: "ab" }],
    ["an end without done", [{ kind: "delta", text: "a" }], { kind: "answered", text: "a" }],
    ["a final text in place of the deltas", [{ kind: "delta", text: "a" }, { kind: "done", text: "b" }], { kind: "answered", text: "b" }],
    ["a change of mind", [{ kind: "delta", text: "a" }, { kind: "clear" }, { kind: "delta", text: "b" }], { kind: "answered", text: "b" }],
    ["nothing after done", [{ kind: "done", text: "a" }, { kind: "delta", text: "b" }], { kind: "answered", text: "a" }],
    ["silence", [], { kind: "empty" }],
    ["blanks", [{ kind: "done", text: " \n" }], { kind: "empty" }],
    ["a file", [{ kind: "delta", text: "here" }, { kind: "attachment", media: "image", target: "/tmp/cat.png", name: "cat.png" }], { kind: "answered", text: "here", files: [{ kind: "image", target: "/tmp/cat.png", name: "cat.png" }] }],
    ["a file and no words", [{ kind: "attachment", media: "image", target: "cat.png" }], { kind: "answered", text: "", files: [{ kind: "image", target: "cat.png" }] }],
    ["files beside a final text", [{ kind: "attachment", media: "file", target: "a" }, { kind: "done", text: "b" }], { kind: "answered", text: "b", files: [{ kind: "file", target: "a" }] }],
    ["a change of mind about files", [{ kind: "attachment", media: "file", target: "a" }, { kind: "clear" }, { kind: "delta", text: "b" }], { kind: "answered", text: "b" }],
    ["an error", [{ kind: "delta", text: "a" }, { kind: "error", message: "503", isRetryable: true, userText: "Busy" }], { kind: "failed", error: "503", isRetryable: true, userText: "Busy" }],
    ["an exception", [{ kind: "delta", text: "a" }, new TypeError("a bug")], { kind: "failed", error: new TypeError("a bug") }],
  ])("gathers %s", async (_title, script, outcome) => {
    await expect(run(script).outcome).resolves.toEqual(outcome);
  });

  it("bounds what an agent that runs wild says", async () => {
    const { outcome } = run(Array.from({ length: 11 }, () => ({ kind: "delta", text: "x".repeat(100_000) }) as const));
    await expect(outcome).resolves.toEqual({ kind: "answered", text: "x".repeat(1_000_000) });
  });

  it("gives up an agent that says nothing for too long", async () => {
    const { clock, outcome } = run([{ kind: "delta", text: "a" }, 29_000, { kind: "delta", text: "b" }, 30_001, { kind: "done" }]);
    await clock.advance(59_000);
    await expect(outcome).resolves.toEqual({ kind: "timed-out", limit: "idle", afterMs: 59_000 });
    expect(clock.pending).toBe(0);
  });

  it("gives up an agent that goes on for too long, whatever it says", async () => {
    const { clock, outcome } = run(drip);
    await clock.advance(100_000);
    await expect(outcome).resolves.toEqual({ kind: "timed-out", limit: "turn", afterMs: 100_000 });
  });

  it("has one timer for the turn, however many events come", async () => {
    const { clock, outcome } = run([...drip.slice(0, 10), { kind: "done" }]);
    await clock.untilPending(2);
    expect(clock.pending).toBe(2); // the agent's own and the turn's
    await clock.advance(45_000);
    await expect(outcome).resolves.toEqual({ kind: "answered", text: "....." });
    expect(clock.pending).toBe(0);
  });

  it("leaves an agent behind that does not end", async () => {
    const { clock, outcome } = run(deafAgent);
    await clock.advance(30_000);
    await expect(outcome).resolves.toMatchObject({ kind: "timed-out" });
  });

  it("ends with the gateway, also when the agent does not", async () => {
    const { controller, outcome } = run(deafAgent);
    controller.abort(new RangeError("stopped"));
    await expect(outcome).rejects.toThrow("stopped");
  });

  it("bounds the files of an agent that runs wild, in number and in size", async () => {
    const file = (target: string): TurnEvent => ({ kind: "attachment", media: "file", target });
    const { outcome } = run([file("x".repeat(1_000_000)), ...Array.from({ length: 30 }, () => file("y"))]);
    const files = [{ kind: "file", target: "x".repeat(1_000_000) }, ...Array.from({ length: 19 }, () => ({ kind: "file", target: "" }))];
    await expect(outcome).resolves.toEqual({ kind: "answered", text: "", files });
  });

  it("tells the words so far as they come", async () => {
    const heard: string[] = [];
    const { outcome } = run([{ kind: "delta", text: "a" }, { kind: "progress", text: "x" }, { kind: "delta", text: "b" }, { kind: "done", text: "c" }], (text) => heard.push(text));
    await outcome;
    expect(heard).toEqual(["a", "ab"]);
  });

  it("logs progress", async () => {
    const { logger, outcome } = run([{ kind: "progress", text: "looking it up" }]);
    await outcome;
    expect(logger.entries).toMatchObject([{ level: "debug", fields: { progress: "looking it up" } }]);
  });
});
