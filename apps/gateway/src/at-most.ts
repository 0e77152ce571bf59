/** Works on all items, on at most `count` at once; gives the results in the order of the items. */
export async function mapAtMost<T, R>(count: number, items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const left = items.entries();
  async function takeNext(): Promise<void> {
    for (const [place, item] of left) results[place] = await work(item);
  }
  await Promise.all(Array.from({ length: Math.min(count, items.length) }, takeNext));
  return results;
}
