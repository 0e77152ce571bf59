/** What systemd knows of the unit. */
export interface UnitState {
  readonly isActive: boolean;
  /** For people, e.g. `running (pid 12, starts at login)`. */
  readonly text: string;
}

/** What to ask `systemctl show` for. */
export const STATE_PROPERTIES = "ActiveState,SubState,UnitFileState,MainPID,ExecMainStatus,NRestarts";

const EXIT_WORDS: Readonly<Record<string, string>> = {
  "78": "the configuration was refused: see `revka config check`",
  "226": "systemd could not set up the sandbox of the unit: see `revka service logs`",
};

/** Reads what `systemctl show` prints, one `Key=value` a line. */
export function readUnitState(shown: string): UnitState {
  const facts = new Map(shown.split("\n").map((line): [string, string] => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]));
  const of = (key: string): string => facts.get(key) ?? "";
  const isActive = of("ActiveState") === "active";
  const login = of("UnitFileState") === "enabled" ? "starts at login" : "does not start at login";
  const restarts = of("NRestarts") === "" || of("NRestarts") === "0" ? [] : [`restarted ${of("NRestarts")} times`];
  if (isActive) return { isActive, text: `running (${[`pid ${of("MainPID")}`, login, ...restarts].join(", ")})` };
  const status = of("ExecMainStatus");
  const ending = status === "" || status === "0" ? [] : [`it ended with ${status}`, ...(EXIT_WORDS[status] === undefined ? [] : [EXIT_WORDS[status]])];
  return { isActive, text: `${of("ActiveState") === "activating" ? "starting again" : "not running"} (${[login, ...restarts, ...ending].join("; ")})` };
}
