/** Sets `key` and, beyond `capacity` entries, deletes the oldest. */
export function setBounded<K, V>(map: Map<K, V>, entry: readonly [key: K, value: V], capacity: number): void {
  map.set(...entry);
  if (map.size <= capacity) return;
  for (const oldest of map.keys()) {
    map.delete(oldest);
    return;
  }
}
