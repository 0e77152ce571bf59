/**
 * The known key that `key` was probably meant to be: one edit away, two for keys of six characters and more, a swap of
 * neighbours counting as one. Case does not matter, neither do `-` and `_`.
 */
export function nearestKey(key: string, known: readonly string[]): string | undefined {
  const distances = known.map((candidate) => ({ candidate, distance: editDistance(normal(key), normal(candidate)) }));
  const near = distances.filter(({ candidate, distance }) => distance <= (candidate.length < 6 ? 1 : 2));
  return near.sort((a, b) => a.distance - b.distance)[0]?.candidate;
}

function normal(key: string): string {
  return key.slice(0, 64).toLowerCase().replaceAll("-", "_");
}

/** Insertions, deletions, substitutions and swaps of neighbours that lead from `a` to `b`. */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const change = a[row - 1] === b[column - 1] ? 0 : 1;
      const isSwap = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      const options = [at(last, column) + 1, at(current, column - 1) + 1, at(last, column - 1) + change];
      if (isSwap) options.push(at(beforeLast, column - 2) + 1);
      current.push(Math.min(...options));
    }
    [beforeLast, last] = [last, current];
  }
  return at(last, b.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Infinity;
}
