/** How long a text may be. */
export interface SplitLimit {
  /** At least 16. */
  readonly limit: number;
  /** UTF-8 bytes, or UTF-16 code units. */
  readonly unit: "bytes" | "chars";
  /**
   * Counts the limit's units where the platform counts an encoded payload, e.g. bytes after JSON escaping; an envelope may
   * be included. A longer text never counts less, and every code point counts at least one.
   * @default the unit's own count
   */
  readonly measure?: (text: string) => number;
}

/** Measures texts against one limit. */
export interface TextRuler {
  /** Whether `text` keeps within the limit, or within `share` of it (from 0 to 1). */
  fits(text: string, share?: number): boolean;
  /**
   * The furthest end so that what lies from `start` to it still fits, never inside a code point; `start` where nothing fits.
   * @param around - what is put before and after it, and counts as well.
   */
  reach(text: string, start: number, around: { readonly before: string; readonly after: string }): number;
}

/** Enough for the longest code point beside a reopened block. */
const SMALLEST_LIMIT = 16;

/**
 * A ruler for `limit`.
 * @throws RangeError when the limit is no whole number of at least 16.
 */
export function createTextRuler({ limit, unit, measure }: SplitLimit): TextRuler {
  if (!Number.isInteger(limit) || limit < SMALLEST_LIMIT) {
    throw new RangeError(`The limit of a text part must be a whole number of at least ${SMALLEST_LIMIT}, not ${limit}`);
  }
  const count = measure ?? (unit === "bytes" ? (text: string) => Buffer.byteLength(text) : (text: string) => text.length);
  // A measure may count a surrogate pair, two code units, as one.
  const mostChars = measure ? 2 * limit : limit;
  return {
    fits: (text, share = 1) => count(text) <= limit * share,
    reach(text, start, { before, after }) {
      const fitsTo = (end: number): boolean => count(before + text.slice(start, end) + after) <= limit;
      let end = codePointStart(text, Math.min(text.length, start + mostChars));
      if (fitsTo(end)) return end;
      let reached = start;
      // Halving, with every probe on a code point: half a pair may count more than the whole one.
      for (let low = start + 1, high = end - 1; low <= high; ) {
        const middle = (low + high) >> 1;
        end = codePointStart(text, middle);
        if (end === reached || fitsTo(end)) {
          reached = end;
          low = middle + 1;
        } else {
          high = end - 1;
        }
      }
      return reached;
    },
  };
}

/** Where the code point at `index` starts: `index` itself, or one less when it points into a surrogate pair. */
export function codePointStart(text: string, index: number): number {
  const isInsidePair = index > 0 && isSurrogate(text, index, 0xdc00) && isSurrogate(text, index - 1, 0xd800);
  return isInsidePair ? index - 1 : index;
}

function isSurrogate(text: string, index: number, half: 0xd800 | 0xdc00): boolean {
  return (text.charCodeAt(index) & 0xfc00) === half;
}
