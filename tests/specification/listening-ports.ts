import { existsSync, readdirSync, readFileSync, readlinkSync } from "node:fs";

/** Why the ports of another process cannot be seen here; undefined when they can. */
export function whyNoPorts(): string | undefined {
  return existsSync("/proc/net/tcp") ? undefined : "the kernel shows no /proc/net/tcp";
}

/** As the kernel writes the state of a socket that listens. */
const LISTENING = "0A";

/** The TCP ports that a process listens on, as the kernel knows them, in ascending order. */
export function portsOf(pid: number): readonly number[] {
  const own = new Set(readdirSync(`/proc/${pid}/fd`).flatMap((fd) => inodeOf(`/proc/${pid}/fd/${fd}`)));
  const rows = ["tcp", "tcp6"].flatMap((table) => readFileSync(`/proc/${pid}/net/${table}`, "utf8").trim().split("\n").slice(1));
  const ports = rows.map((row) => row.trim().split(/\s+/)).filter(([, , , state, , , , , , inode = ""]) => state === LISTENING && own.has(inode));
  return ports.map(([, address = ""]) => Number.parseInt(address.split(":")[1] ?? "", 16)).toSorted((a, b) => a - b);
}

function inodeOf(link: string): string[] {
  try {
    return /^socket:\[(\d+)\]$/.exec(readlinkSync(link))?.slice(1) ?? [];
  } catch {
    return []; // closed meanwhile
  }
}
