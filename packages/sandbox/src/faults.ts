import type { Fault, FaultRule } from "./fault.ts";

/** The most rules that are kept; those that have struck often enough make room. */
const MAX_RULES = 1_000;

/** A rule that was added. */
export interface FaultHandle {
  readonly id: number;
  /** How many requests it has taken. */
  readonly hits: number;
  /** Resolves when it has struck for the first time. */
  readonly struck: Promise<void>;
  /** Takes the rule away and lets requests go on that it holds. */
  release(): void;
}

/** What is to go wrong. */
export interface Faults {
  /** Adds a rule. @throws RangeError when 1,000 rules wait to strike. */
  add(rule: FaultRule): FaultHandle;
  /** Releases every rule. */
  clear(): void;
  /** The rules that were added and not released, oldest first, also those that have struck often enough. */
  readonly rules: readonly ListedFault[];
}

/** A rule with its id and what it has done so far. */
export interface ListedFault extends FaultRule {
  readonly id: number;
  readonly hits: number;
}

/** The fault that hits one request. */
export interface Strike {
  readonly fault: Fault;
  /** Aborts when the rule is released. */
  readonly released: AbortSignal;
  /** Tells the handle that the fault has taken effect. */
  landed(): void;
}

/** What a rule looks at. */
export interface FaultSubject {
  readonly platform: string;
  readonly method: string;
  readonly path: string;
}

/** The side of {@link Faults} that serves requests. */
export interface FaultSource extends Faults {
  /** Decides what hits a request, and counts it. */
  take(subject: FaultSubject): Strike | undefined;
  /** Releases the rule of this id; false when there is none. */
  release(id: number): boolean;
}

interface LiveRule {
  readonly id: number;
  readonly rule: FaultRule;
  readonly release: AbortController;
  readonly struck: PromiseWithResolvers<undefined>;
  seen: number;
  hits: number;
}

/** Creates a {@link FaultSource} without rules. */
export function createFaults(): FaultSource {
  const entries = new Map<number, LiveRule>();
  let lastId = 0;

  function release(entry: LiveRule): void {
    entries.delete(entry.id);
    entry.release.abort();
  }

  function makeRoom(): void {
    if (entries.size < MAX_RULES) return;
    const spent = [...entries.values()].find(isSpent);
    if (spent === undefined) throw new RangeError(`at most ${MAX_RULES} fault rules: clear some first`);
    entries.delete(spent.id);
  }

  return {
    add: (rule) => {
      makeRoom();
      const entry: LiveRule = { id: ++lastId, rule, release: new AbortController(), struck: Promise.withResolvers(), seen: 0, hits: 0 };
      entries.set(entry.id, entry);
      return handleOf(entry, () => release(entry));
    },
    clear: () => [...entries.values()].forEach(release),
    get rules() {
      return [...entries.values()].map(({ rule, id, hits }) => ({ ...rule, id, hits }));
    },
    take: (subject) => {
      const entry = [...entries.values()].find((candidate) => !isSpent(candidate) && applies(candidate, subject));
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

function isSpent(entry: LiveRule): boolean {
  return entry.hits === (entry.rule.times ?? 1);
}

function handleOf(entry: LiveRule, release: () => void): FaultHandle {
  return {
    id: entry.id,
    get hits() {
      return entry.hits;
    },
    struck: entry.struck.promise,
    release,
  };
}

function applies(entry: LiveRule, subject: FaultSubject): boolean {
  if (!matches(entry.rule, subject)) return false;
  entry.seen += 1;
  return entry.seen > (entry.rule.skip ?? 0);
}

function matches(rule: FaultRule, subject: FaultSubject): boolean {
  return (
    (rule.platform === undefined || rule.platform === subject.platform) &&
    (rule.method === undefined || rule.method.toUpperCase() === subject.method) &&
    (rule.path === undefined || matchesPath(rule.path, subject.path))
  );
}

function matchesPath(pattern: string, path: string): boolean {
  return pattern.endsWith("*") ? path.startsWith(pattern.slice(0, -1)) : path === pattern;
}
