import type { Page } from "./control-input.ts";

/** What a long poll answers: entries, and the number to ask after next time. */
export interface Batch<T> {
  readonly entries: readonly T[];
  readonly cursor: number;
}

/** A list that can be waited on. */
export interface Pollable<T> {
  readonly entries: readonly T[];
  next(matches: (entry: T) => boolean, signal?: AbortSignal): Promise<T>;
}

/**
 * Gives the entries after `page.after` that match; without one it waits up to `page.wait_ms` for the first.
 *
 * @param gone - ends the wait early.
 */
export async function longPoll<T extends { readonly seq: number }>(
  list: Pollable<T>,
  page: Page & { readonly matches: (entry: T) => boolean },
  gone: AbortSignal,
): Promise<Batch<T>> {
  const isWanted = (entry: T): boolean => entry.seq > page.after && page.matches(entry);
  if (page.wait_ms > 0) {
    const enough = AbortSignal.any([AbortSignal.timeout(page.wait_ms), gone]);
    await list.next(isWanted, enough).catch(() => undefined);
  }
  const entries = list.entries.filter(isWanted);
  return { entries, cursor: entries.at(-1)?.seq ?? page.after };
}
