import { accessSync, constants, statfsSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { keyFileOf } from "../secrets/key-file.ts";
import { stateFileOf } from "../ops/state-file.ts";
import { stateKeyFileOf } from "../store/sealing.ts";
import type { Finding } from "./finding.ts";

const OTHERS = 0o077;
const MIB = 1024 * 1024;
const DISK = { failureBytes: 100 * MIB, warningBytes: 1024 * MIB } as const;

/** Who may read and write what the daemon lives on. That of the configuration file is said where that is read. */
export function checkPermissions(folder: string, platform: NodeJS.Platform): Finding[] {
  const check = "permissions";
  const mode = modeOf(folder);
  if (mode === undefined) return [{ check, verdict: "skipped", text: `${folder} does not exist yet` }];
  if (!isWritable(folder)) return [{ check, verdict: "failure", text: `${folder} cannot be written to, and the daemon keeps its state there`, remedy: `give it to the user who runs revka: chown -R $(id -un) ${folder}` }];
  if (platform === "win32") return [{ check, verdict: "skipped", text: "modes of files mean nothing on this system" }];
  const shared: Finding[] = [keyFileOf(folder), stateKeyFileOf(folder), join(folder, "state.sqlite"), join(folder, "ops_token"), stateFileOf(folder)]
    .filter((file) => ((modeOf(file) ?? 0) & OTHERS) !== 0)
    .map((file) => ({ check, verdict: "warning", text: `${file} is not for its owner alone`, remedy: `chmod 600 ${file}` }));
  if ((mode & OTHERS) !== 0) shared.push({ check, verdict: "warning", text: `${folder} is not for its owner alone`, remedy: `chmod 700 ${folder}` });
  return shared.length > 0 ? shared : [{ check, verdict: "ok", text: `${folder} and what is in it are for their owner alone` }];
}

/** Whether there is room for messages: on a full disk none are accepted. */
export function checkDisk(folder: string): Finding {
  const check = "disk";
  const { bavail, bsize } = statfsSync(nearestFolder(folder));
  const bytes = bavail * bsize;
  const text = `${Math.floor(bytes / MIB)} MiB free at ${folder}`;
  if (bytes >= DISK.warningBytes) return { check, verdict: "ok", text };
  return { check, verdict: bytes < DISK.failureBytes ? "failure" : "warning", text, remedy: "make room: on a full disk no message is accepted" };
}

function nearestFolder(folder: string): string {
  return modeOf(folder) === undefined && dirname(folder) !== folder ? nearestFolder(dirname(folder)) : folder;
}

function modeOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.mode;
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
