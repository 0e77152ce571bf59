/** The most rules that are kept; those that have struck often enough make room. */
const MAX_RULES = 1_000;

/** The part of a rule that does not depend on what it looks at. */
export interface Rule<Fault> {
  /** How many matching subjects pass first; default 0. */
  readonly skip?: number;
  /** How many are hit then; default 1. */
  readonly times?: number | "always";
  readonly fault: Fault;
}

/** A rule that was added. */
export interface FaultHandle {
  readonly id: number;
  /** How many requests or frames it has taken. */
  readonly hits: number;
  /** Resolves when it has struck for the first time. */
  readonly struck: Promise<void>;
  /** Takes the rule away and lets go what it holds. */
  release(): void;
}

/** A rule with its id and what it has done so far. */
export type ListedRule<R> = R & { readonly id: number; readonly hits: number };

/** Rules about what is to go wrong; the oldest that matches takes a subject. */
export interface Rules<R> {
  /** Adds a rule. @throws RangeError when 1,000 rules wait to strike. */
  add(rule: R): FaultHandle;
  /** Releases every rule. */
  clear(): void;
  /** The rules that were added and not released, oldest first, also those that have struck often enough. */
  readonly rules: readonly ListedRule<R>[];
}

/** The fault that hits one subject. */
export interface RuleStrike<Fault> {
  readonly fault: Fault;
  /** Aborts when the rule is released. */
  readonly released: AbortSignal;
  /** Tells the handle that the fault has taken effect. */
  landed(): void;
}

/** The side of {@link Rules} that strikes. */
export interface RuleSource<R extends Rule<unknown>, Subject> extends Rules<R> {
  /** Decides what hits a subject, and counts it. */
  take(subject: Subject): RuleStrike<R["fault"]> | undefined;
  /** Releases the rule of this id; false when there is none. */
  release(id: number): boolean;
}

interface LiveRule<R> {
  readonly id: number;
  readonly rule: R;
  readonly release: AbortController;
  readonly struck: PromiseWithResolvers<undefined>;
  seen: number;
  hits: number;
}

/** Creates an empty {@link RuleSource}. */
export function createRules<R extends Rule<unknown>, Subject>(matches: (rule: R, subject: Subject) => boolean): RuleSource<R, Subject> {
  const entries = new Map<number, LiveRule<R>>();
  let lastId = 0;

  function release(entry: LiveRule<R>): void {
    entries.delete(entry.id);
    entry.release.abort();
  }

  function makeRoom(): void {
    if (entries.size < MAX_RULES) return;
    const spent = [...entries.values()].find(isSpent);
    if (spent === undefined) throw new RangeError(`at most ${MAX_RULES} fault rules: clear some first`);
    entries.delete(spent.id);
  }

  function applies(entry: LiveRule<R>, subject: Subject): boolean {
    if (isSpent(entry) || !matches(entry.rule, subject)) return false;
    entry.seen += 1;
    return entry.seen > (entry.rule.skip ?? 0);
  }

  return {
    add: (rule) => {
      makeRoom();
      const entry: LiveRule<R> = { id: ++lastId, rule, release: new AbortController(), struck: Promise.withResolvers(), seen: 0, hits: 0 };
      entries.set(entry.id, entry);
      return handleOf(entry, () => release(entry));
    },
    clear: () => [...entries.values()].forEach(release),
    get rules() {
      return [...entries.values()].map(({ rule, id, hits }) => ({ ...rule, id, hits }));
    },
    take: (subject) => {
      const entry = [...entries.values()].find((candidate) => applies(candidate, subject));
      if (entry === undefined) return undefined;
      entry.hits += 1;
      return { fault: entry.rule.fault, released: entry.release.signal, landed: () => entry.struck.resolve(undefined) };
    },
    release: (id) => {
      const entry = entries.get(id);
      if (entry !== undefined) release(entry);
      return entry !== undefined;
    },
  };
}

/** Whether `value` is `pattern` or, where that ends with `*`, begins with the rest of it. */
export function matchesPattern(pattern: string, value: string): boolean {
  return pattern.endsWith("*") ? value.startsWith(pattern.slice(0, -1)) : value === pattern;
}

function isSpent<R extends Rule<unknown>>(entry: LiveRule<R>): boolean {
  return entry.hits === (entry.rule.times ?? 1);
}

function handleOf<R>(entry: LiveRule<R>, release: () => void): FaultHandle {
  return {
    id: entry.id,
    get hits() {
      return entry.hits;
    },
    struck: entry.struck.promise,
    release,
  };
}
