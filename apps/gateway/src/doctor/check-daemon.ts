import type { DaemonHealth } from "../ops/daemon-client.ts";
import type { Finding } from "./finding.ts";

/** Whether a daemon runs, and which of its parts are not well. */
export function checkDaemon(health: DaemonHealth | undefined): Finding[] {
  const check = "daemon";
  if (health === undefined) return [{ check, verdict: "skipped", text: "none runs on this configuration, or it has no operations listener; to start one: revka daemon" }];
  const { pid, components } = health.runtime;
  const unwell = Object.entries(components).filter(([, { status }]) => status === "error");
  return [
    { check, verdict: "ok", text: `running (pid ${pid})` },
    ...unwell.map(([name, { last_error: reason }]): Finding => ({ check, verdict: "warning", text: `${name} is not well${reason === undefined ? "" : `: ${reason}`}`, remedy: "see its log" })),
  ];
}
