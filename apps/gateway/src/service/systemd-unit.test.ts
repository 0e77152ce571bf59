import { describe, expect, it } from "vitest";
import { stopSecs, systemdUnit } from "./systemd-unit.ts";

const FACTS = {
  command: ["/usr/bin/node", "/usr/local/bin/revka", "daemon"],
  ...{ folder: "/home/u/.revka", environmentFile: "/home/u/.revka/workspace/.env" },
  drainTimeoutMs: 25_000,
};

describe("systemdUnit", () => {
  it("starts the daemon again unless its configuration is wrong, gives it time to stop, and lets it write to its folder only", () => {
    expect(systemdUnit(FACTS)).toBe(
      [
        "[Unit]",
        "Description=Revka channels gateway",
        "",
        "[Service]",
        "Type=simple",
        'ExecStart="/usr/bin/node" "/usr/local/bin/revka" "daemon"',
        "ExecReload=/bin/kill -HUP $MAINPID",
        "Environment=HOME=%h",
        "EnvironmentFile=-/home/u/.revka/workspace/.env",
        "Restart=always",
        "RestartSec=3",
        "RestartPreventExitStatus=78",
        "TimeoutStopSec=40",
        "LimitNOFILE=4096:8192",
        "NoNewPrivileges=yes",
        "PrivateTmp=yes",
        "ProtectSystem=strict",
        'ReadWritePaths="/home/u/.revka"',
        "RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX AF_NETLINK",
        "",
        "[Install]",
        "WantedBy=default.target",
        "",
      ].join("\n"),
    );
  });

  it("keeps what systemd would read otherwise in a path", () => {
    const unit = systemdUnit({ ...FACTS, command: ['/opt/my "node"', "/opt/$HOME/50%", "daemon"], folder: "/home/u/a b%" });
    expect(unit).toContain('ExecStart="/opt/my \\"node\\"" "/opt/$$HOME/50%%" "daemon"');
    expect(unit).toContain('ReadWritePaths="/home/u/a b%%"');
  });
});

describe("stopSecs", () => {
  it.each([[0, 40], [25_000, 40], [26_000, 41], [300_000, 315]])("leaves a drain of %i ms room to end: %i s", (drainTimeoutMs, secs) => {
    expect(stopSecs({ drainTimeoutMs })).toBe(secs);
  });
});
