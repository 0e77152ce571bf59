import type { ConfigProblem } from "@revka/core";
import { locateProblem, type LocatedProblem, type ProblemPlace } from "./problem.ts";

/** What comes to light while a configuration is read. */
export interface Findings {
  readonly problems: LocatedProblem[];
  readonly warnings: string[];
  readonly secrets: string[];
  /** Adds the problems of the table `section`, each once. */
  report(problems: readonly ConfigProblem[], section: string): void;
}

/** Empty findings; `place` is where their problems stand. */
export function createFindings(place: ProblemPlace): Findings {
  const problems: LocatedProblem[] = [];
  const isKnown = (problem: LocatedProblem): boolean => problems.some(({ section, key, found }) => section === problem.section && key === problem.key && found === problem.found);
  return {
    problems,
    warnings: [],
    secrets: [],
    report(found, section) {
      for (const problem of found.map((each) => locateProblem(each, section, place))) if (!isKnown(problem)) problems.push(problem);
    },
  };
}
