import type { Fault, FaultRule } from "./fault.ts";
import { createRules, type ListedRule, matchesPattern, type Rules, type RuleSource, type RuleStrike } from "./rules.ts";

/** What is to go wrong with requests. */
export type Faults = Rules<FaultRule>;

/** A rule with its id and what it has done so far. */
export type ListedFault = ListedRule<FaultRule>;

/** The fault that hits one request. */
export type Strike = RuleStrike<Fault>;

/** What a rule looks at. */
export interface FaultSubject {
  readonly platform: string;
  readonly method: string;
  readonly path: string;
}

/** The side of {@link Faults} that serves requests. */
export type FaultSource = RuleSource<FaultRule, FaultSubject>;

/** Creates a {@link FaultSource} without rules. */
export function createFaults(): FaultSource {
  return createRules(matches);
}

function matches(rule: FaultRule, subject: FaultSubject): boolean {
  return (
    (rule.platform === undefined || rule.platform === subject.platform) &&
    (rule.method === undefined || rule.method.toUpperCase() === subject.method) &&
    (rule.path === undefined || matchesPattern(rule.path, subject.path))
  );
}
