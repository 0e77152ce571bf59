import { describe, expect, it } from "vitest";
import type { FrameDirection } from "./frame-fault.ts";
import { createFrameFaults } from "./frame-faults.ts";
import { createGate, type Gated } from "./frame-gate.ts";
import { createFrameRecorder } from "../record/frame-record.ts";

function openGate() {
  const gone = new AbortController();
  const faults = createFrameFaults();
  const record = createFrameRecorder(() => 0, new AbortController().signal);
  const line: Gated & { isOpen: boolean } = { isOpen: true, isSilent: false, close: () => (line.isOpen = false), reset: () => (line.isOpen = false) };
  const pass = createGate({ connection: 1, platform: "echo", faults, record, gone: gone.signal }, line);
  const arrived: string[] = [];
  const send = (data: string, direction: FrameDirection = "out"): void => pass({ direction, frame: "any", data, deliver: (arriving) => arrived.push(String(arriving)) });
  return { send, arrived, faults, record, line, gone };
}

describe("createGate", () => {
  it("loses both directions in silence, and the frame that brought it, until the rule is released", async () => {
    const { send, arrived, faults, line, record } = openGate();
    const silence = faults.add({ fault: { kind: "silence" } });
    for (const direction of ["out", "in"] as const) send("lost", direction);
    expect(line.isSilent).toBe(true);
    silence.release();
    await Promise.resolve();
    for (const direction of ["out", "in"] as const) send(direction, direction);
    expect(arrived).toEqual(["out", "in"]);
    expect(record.entries.map(({ text }) => text)).toEqual(["lost", "out", "in"]);
  });

  it("puts frames that are reordered behind the next that arrives, in their own order and direction", () => {
    const { send, arrived, faults } = openGate();
    faults.add({ direction: "out", times: 2, fault: { kind: "reorder" } });
    faults.add({ direction: "out", fault: { kind: "drop" } });
    for (const data of ["1", "2", "dropped"]) send(data);
    send("other way", "in");
    send("3");
    expect(arrived).toEqual(["other way", "3", "1", "2"]);
  });

  it("lets nothing late through once the connection is gone", async () => {
    const { send, arrived, faults, line, gone } = openGate();
    faults.add({ times: 2, fault: { kind: "hold" } });
    send("held");
    line.isOpen = false;
    gone.abort();
    send("late");
    await Promise.resolve();
    expect(arrived).toEqual([]);
    expect(faults.rules).toMatchObject([{ hits: 1 }]);
  });
});
