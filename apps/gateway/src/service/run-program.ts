import { execFile, spawn } from "node:child_process";

/** What became of another program. */
export type ProgramResult =
  | { readonly kind: "missing" }
  | { readonly kind: "ended"; readonly exitCode: number; readonly stdout: string; readonly stderr: string };

/** How another program is run. */
export interface ProgramOptions {
  /** `"shown"`: it talks to the terminal itself, for as long as it likes, and nothing is captured. */
  readonly output?: "captured" | "shown";
  /** How long one that is captured may take. Default: 30 s. */
  readonly limitMs?: number;
}

/** Runs a program of the system, found on the path, without a shell. Never rejects. */
export type RunProgram = (program: string, args: readonly string[], options?: ProgramOptions) => Promise<ProgramResult>;

const LIMIT_MS = 30_000;
const FAILURE = 1;

/** The real one. */
export const runProgram: RunProgram = (program, args, { output = "captured", limitMs = LIMIT_MS } = {}) =>
  output === "shown" ? show(program, args) : capture(program, args, limitMs);

function capture(program: string, args: readonly string[], limitMs: number): Promise<ProgramResult> {
  return new Promise((resolve) => {
    execFile(program, args, { timeout: limitMs, encoding: "utf8" }, (error, stdout, stderr) => {
      if (error === null) resolve({ kind: "ended", exitCode: 0, stdout, stderr });
      else if (error.code === "ENOENT") resolve({ kind: "missing" });
      else if (error.killed === true) resolve({ kind: "ended", exitCode: FAILURE, stdout, stderr: `${program} did not end within ${limitMs / 1000} s` });
      else resolve({ kind: "ended", exitCode: typeof error.code === "number" ? error.code : FAILURE, stdout, stderr: stderr === "" ? error.message : stderr });
    });
  });
}

function show(program: string, args: readonly string[]): Promise<ProgramResult> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: "inherit" });
    child.once("error", (error) => resolve("code" in error && error.code === "ENOENT" ? { kind: "missing" } : { kind: "ended", exitCode: FAILURE, stdout: "", stderr: error.message }));
    child.once("close", (exitCode) => resolve({ kind: "ended", exitCode: exitCode ?? FAILURE, stdout: "", stderr: "" }));
  });
}
