import type { FrameDirection, FrameFault, FrameRule } from "./frame-fault.ts";
import { createRules, type ListedRule, matchesPattern, type Rules, type RuleSource, type RuleStrike } from "./rules.ts";

/** What is to go wrong with WebSocket frames. */
export type FrameFaults = Rules<FrameRule>;

/** A rule with its id and what it has done so far. */
export type ListedFrameFault = ListedRule<FrameRule>;

/** The fault that hits one frame. */
export type FrameStrike = RuleStrike<FrameFault>;

/** What a rule looks at. */
export interface FrameSubject {
  readonly platform: string;
  readonly connection: number;
  readonly direction: FrameDirection;
  readonly frame: string;
}

/** The side of {@link FrameFaults} that the connections ask. */
export type FrameFaultSource = RuleSource<FrameRule, FrameSubject>;

/** Creates a {@link FrameFaultSource} without rules. */
export function createFrameFaults(): FrameFaultSource {
  return createRules(matches);
}

function matches(rule: FrameRule, subject: FrameSubject): boolean {
  return (
    (rule.platform === undefined || rule.platform === subject.platform) &&
    (rule.connection === undefined || rule.connection === subject.connection) &&
    (rule.direction === undefined || rule.direction === subject.direction) &&
    (rule.frame === undefined || matchesPattern(rule.frame, subject.frame))
  );
}
