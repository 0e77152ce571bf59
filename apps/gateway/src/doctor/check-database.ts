import { existsSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { isBusy } from "../database/sqlite-error.ts";
import type { Finding } from "./finding.ts";

const BUSY_TIMEOUT_MS = 1_000;

/** Whether the state database can be read, and what in it waits for the operator. Changes nothing, also while a daemon runs. */
export function checkDatabase(folder: string): Finding[] {
  const check = "database";
  const file = join(folder, "state.sqlite");
  if (!existsSync(file)) return [{ check, verdict: "skipped", text: `${file} does not exist yet: the daemon makes it` }];
  try {
    using connection = new DatabaseSync(file, { readOnly: true, timeout: BUSY_TIMEOUT_MS });
    const verdict = connection.prepare("PRAGMA quick_check(1)").get()?.["quick_check"];
    if (verdict !== "ok") return [damaged(file, String(verdict))];
    return [{ check, verdict: "ok", text: `${file} is whole` }, ...deadLetters(connection)];
  } catch (error) {
    if (isBusy(error)) return [{ check, verdict: "warning", text: `${file} is held by another program`, remedy: "try again in a moment" }];
    return [damaged(file, error instanceof Error ? error.message : String(error))];
  }
}

function damaged(file: string, reason: string): Finding {
  return {
    check: "database",
    verdict: "failure",
    text: `${file} cannot be read: ${reason}`,
    remedy: "restart revka daemon: it sets a damaged file aside and starts an empty one",
  };
}

function deadLetters(connection: DatabaseSync): Finding[] {
  const count = Number(connection.prepare("SELECT count(*) AS count FROM inbox WHERE state = 'dead'").get()?.["count"]);
  if (count === 0) return [];
  return [{ check: "inbox", verdict: "warning", text: `${count === 1 ? "a message was" : `${count} messages were`} given up`, remedy: "see why: revka inbox list" }];
}
