import { rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Clock, Logger } from "@revka/core";
import * as v from "valibot";
import { readTextFile } from "../config/read-file.ts";
import { sleeps } from "../sleeps.ts";
import type { RuntimeHealth } from "./health.ts";

/** What the state file holds. */
export interface DaemonState extends RuntimeHealth {
  readonly written_at: string;
  readonly state: "running" | "stopped";
  /** Absent while there is no operations listener. */
  readonly ops?: { readonly url: string };
}

const WRITE_EVERY_MS = 5_000;

const schema = v.object({ pid: v.number(), written_at: v.string(), state: v.picklist(["running", "stopped"]), ops: v.optional(v.object({ url: v.string() })) });

/** Where the daemon of a folder tells how it stands. */
export function stateFileOf(folder: string): string {
  return join(folder, "daemon_state.json");
}

/** What keeps the file written. */
export interface StateWriterOptions {
  readonly folder: string;
  readonly describe: () => Omit<DaemonState, "written_at">;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Ends it; the file is written once more. */
  readonly signal: AbortSignal;
}

/** A state file that is there and is kept up to date. */
export interface KeptStateFile {
  /** Resolves when it was written for the last time. */
  readonly ended: Promise<void>;
}

/** Writes the file now, every five seconds, and at the end; by renaming, so that nobody reads half of one. Never rejects. */
export async function keepStateFile({ folder, describe, clock, logger, signal }: StateWriterOptions): Promise<KeptStateFile> {
  const file = stateFileOf(folder);
  const write = async (): Promise<void> => {
    const state: DaemonState = { written_at: new Date(clock.now()).toISOString(), ...describe() };
    try {
      await writeFile(`${file}.tmp`, `${JSON.stringify(state, undefined, 2)}\n`, { mode: 0o600 });
      await rename(`${file}.tmp`, file);
    } catch (error) {
      logger.warn({ component: "ops", error }, "The state file cannot be written");
    }
  };
  const goOn = async (): Promise<void> => {
    while (await sleeps(WRITE_EVERY_MS, clock, signal)) await write();
    await write();
  };
  await write();
  return { ended: goOn() };
}

/** What the daemon of a folder last said of itself; undefined where none did. */
export function readStateFile(folder: string): Pick<DaemonState, "pid" | "written_at" | "state" | "ops"> | undefined {
  const reading = readTextFile(stateFileOf(folder));
  if (!("text" in reading)) return undefined;
  try {
    const { ops, ...state } = v.parse(schema, JSON.parse(reading.text));
    return { ...state, ...(ops !== undefined && { ops }) };
  } catch {
    return undefined;
  }
}
