/** What a service runs. All paths are absolute. */
export interface ServiceFacts {
  /** The daemon's command line. */
  readonly command: readonly string[];
  /** That of the configuration: the only one that the daemon writes to. */
  readonly folder: string;
  /** Variables for the daemon, one `NAME=value` a line. It need not exist. */
  readonly environmentFile: string;
  /** `drain_timeout_secs`. */
  readonly drainTimeoutMs: number;
}

const MIN_STOP_SECS = 40;
/** What closing takes at most, after the drain. */
const CLOSE_SECS = 15;

/** How long a stop may take before the daemon is killed. */
export function stopSecs({ drainTimeoutMs }: Pick<ServiceFacts, "drainTimeoutMs">): number {
  return Math.max(MIN_STOP_SECS, Math.ceil(drainTimeoutMs / 1000) + CLOSE_SECS);
}

/**
 * The systemd user unit.
 *
 * `MemoryDenyWriteExecute` is not in it, since it breaks Node's compiler. 78 is what the daemon ends with when its
 * configuration is wrong: starting again would change nothing.
 */
export function systemdUnit(facts: ServiceFacts): string {
  const { command, folder, environmentFile } = facts;
  return [
    "[Unit]",
    "Description=Revka channels gateway",
    "",
    "[Service]",
    "Type=simple",
    `ExecStart=${command.map(argument).join(" ")}`,
    "ExecReload=/bin/kill -HUP $MAINPID",
    "Environment=HOME=%h",
    `EnvironmentFile=-${literal(environmentFile)}`,
    "Restart=always",
    "RestartSec=3",
    "RestartPreventExitStatus=78",
    `TimeoutStopSec=${stopSecs(facts)}`,
    "LimitNOFILE=4096:8192",
    "NoNewPrivileges=yes",
    "PrivateTmp=yes",
    "ProtectSystem=strict",
    `ReadWritePaths=${quoted(folder)}`,
    "RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX AF_NETLINK",
    "",
    "[Install]",
    "WantedBy=default.target",
    "",
  ].join("\n");
}

/** In a command line systemd also replaces variables. */
function argument(text: string): string {
  return quoted(text.replaceAll("$", "$$$$"));
}

function quoted(text: string): string {
  return `"${literal(text).replace(/["\\]/g, "\\$&")}"`;
}

/** A percent sign begins a specifier. */
function literal(text: string): string {
  return text.replaceAll("%", "%%");
}
