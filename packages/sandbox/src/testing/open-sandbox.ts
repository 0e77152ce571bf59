import { onTestFinished } from "vitest";
import { type Sandbox, type SandboxOptions, startSandbox } from "../sandbox.ts";

/** A sandbox that closes when the running test is over. */
export async function openSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const sandbox = await startSandbox(options);
  onTestFinished(() => sandbox.close());
  return sandbox;
}

/** A clock that moves only when told to. */
export function handClock(start = 1_790_000_000_000): { now: () => number; advance: (ms: number) => void } {
  let at = start;
  return {
    now: () => at,
    advance: (ms) => {
      at += ms;
    },
  };
}
