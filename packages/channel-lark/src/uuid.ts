import { createHash } from "node:crypto";

/**
 * The `uuid` of one platform message: the platform posts one for each within an hour, however often it is sent.
 *
 * @param key - of the whole message, as the caller names it.
 * @param place - which of the platform messages it becomes, and in which form.
 */
export function uuidOf(key: string, place: string): string {
  return `rvk-${createHash("sha256").update(`${key}\n${place}`).digest("base64url").slice(0, 32)}`;
}
