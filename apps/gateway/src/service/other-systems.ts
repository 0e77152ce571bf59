import type { ServiceFacts } from "./systemd-unit.ts";

/** How to keep the daemon running where there is no systemd; we do not do it ourselves there. */
export function instructionsFor(platform: NodeJS.Platform, facts: ServiceFacts): string {
  if (platform === "darwin") return launchd(facts);
  const command = facts.command.map((part) => `"${part}"`).join(" ");
  const scheduler = `schtasks /Create /TN Revka /SC ONLOGON /TR '${command}'`;
  return [
    "`revka service` manages systemd user units; here, have the system run this and start it again when it ends, except with code 78 (wrong configuration):",
    "",
    `  ${command}`,
    ...(platform === "win32" ? ["", "With the task scheduler, which starts it at each logon:", "", `  ${scheduler}`] : []),
    "",
  ].join("\n");
}

function launchd(facts: ServiceFacts): string {
  const parts = facts.command.map((part) => `    <string>${escaped(part)}</string>`);
  return [
    "`revka service` manages systemd user units; on macOS, launchd does the same. Save this as ~/Library/LaunchAgents/dev.revka.gateway.plist:",
    "",
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">',
    '<plist version="1.0">',
    "<dict>",
    "  <key>Label</key><string>dev.revka.gateway</string>",
    "  <key>ProgramArguments</key>",
    "  <array>",
    ...parts,
    "  </array>",
    "  <key>RunAtLoad</key><true/>",
    "  <key>KeepAlive</key><true/>",
    "  <key>ThrottleInterval</key><integer>10</integer>",
    `  <key>StandardErrorPath</key><string>${escaped(`${facts.folder}/daemon.log`)}</string>`,
    "</dict>",
    "</plist>",
    "",
    "Then start it: launchctl bootstrap gui/$(id -u) ~/Library/LaunchAgents/dev.revka.gateway.plist",
    "",
  ].join("\n");
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
