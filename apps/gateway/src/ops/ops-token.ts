import { randomBytes, timingSafeEqual } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { readTextFile } from "../config/read-file.ts";

/** Where the token of a configuration folder is: it opens what changes something at the operations listener. */
export function opsTokenFile(folder: string): string {
  return join(folder, "ops_token");
}

/** The token of a folder, made where there is none yet, for its owner's eyes only. */
export function obtainOpsToken(folder: string): string {
  const present = readOpsToken(folder);
  if (present !== undefined) return present;
  const token = randomBytes(32).toString("hex");
  writeFileSync(opsTokenFile(folder), `${token}\n`, { mode: 0o600 });
  return token;
}

/** The token of a folder; undefined where there is none that can be used. */
export function readOpsToken(folder: string): string | undefined {
  const reading = readTextFile(opsTokenFile(folder));
  const token = "text" in reading ? reading.text.trim() : "";
  return token.length >= 32 ? token : undefined;
}

/** Whether an `Authorization` header holds the token; it takes as long whatever it holds. */
export function isAuthorized(header: string | undefined, token: string): boolean {
  const given = Buffer.from(header ?? "");
  const wanted = Buffer.from(`Bearer ${token}`);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}
