import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import type { ChildOrders } from "./gateway-child.ts";

const script = fileURLToPath(new URL("./gateway-child.ts", import.meta.url));

/** A gateway process under test. */
export interface Child {
  /** How it ended: its exit code, or the signal that killed it. */
  readonly ended: Promise<number | NodeJS.Signals>;
  kill(signal: NodeJS.Signals): void;
}

/** Starts a gateway in its own process; it is gone when the test is over. */
export function startChild(orders: ChildOrders): Child {
  const child: ChildProcess = fork(script, [JSON.stringify(orders)], { execArgv: ["--conditions=@revka/source", "--no-warnings"], stdio: ["ignore", "inherit", "inherit", "ipc"] });
  const ended = once(child, "exit").then(([code, signal]) => (signal ?? code) as number | NodeJS.Signals);
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await ended;
  });
  return { ended, kill: (signal) => child.kill(signal) };
}
