import { describe, expect, it } from "vitest";
import { runProgram } from "./run-program.ts";

const node = (script: string, limitMs?: number) => runProgram(process.execPath, ["-e", script], limitMs === undefined ? {} : { limitMs });

describe("runProgram", () => {
  it("gives what a program printed and ended with", async () => {
    expect(await node("console.log('out'); console.error('err'); process.exit(3)")).toEqual({ kind: "ended", exitCode: 3, stdout: "out\n", stderr: "err\n" });
    expect(await node("console.log('out')")).toEqual({ kind: "ended", exitCode: 0, stdout: "out\n", stderr: "" });
  });

  it.each(["captured", "shown"] as const)("tells a program that is not there from one that fails: %s", async (output) => {
    expect(await runProgram("revka-no-such-program", [], { output })).toEqual({ kind: "missing" });
    expect(await runProgram(process.execPath, ["-e", "process.exit(4)"], { output })).toMatchObject({ kind: "ended", exitCode: 4 });
  });

  it("ends one that takes too long", async () => {
    expect(await node("setInterval(() => undefined, 1000)", 50)).toMatchObject({ kind: "ended", exitCode: 1, stderr: expect.stringContaining("did not end within 0.05 s") as string });
  });
});
