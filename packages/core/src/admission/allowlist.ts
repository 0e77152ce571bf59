/**
 * Whether one of a sender's ids is on an allowlist.
 *
 * An empty list admits nobody, `"*"` anywhere in it everybody; otherwise an id matches exactly, letter case included.
 *
 * @param ids - every id the platform supplies for the sender; an empty id matches nothing.
 */
export function isAllowed(ids: readonly string[], allowed: readonly string[]): boolean {
  return allowed.includes("*") || ids.some((id) => id !== "" && allowed.includes(id));
}
