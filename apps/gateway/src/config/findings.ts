import type { ConfigProblem } from "@revka/core";
import { locateProblem, type LocatedProblem, type ProblemPlace } from "./problem.ts";
import type { TableRecord } from "./table-record.ts";

/** What comes to light while a configuration is read. */
export interface Findings {
  readonly problems: LocatedProblem[];
  readonly warnings: string[];
  readonly secrets: string[];
  readonly tables: TableRecord[];
  /** Adds the problems of the table `section`. */
  report(problems: readonly ConfigProblem[], section: string): void;
}

/** Empty findings; `place` is where their problems stand. */
export function createFindings(place: ProblemPlace): Findings {
  const problems: LocatedProblem[] = [];
  return {
    problems,
    warnings: [],
    secrets: [],
    tables: [],
    report: (found, section) => void problems.push(...found.map((problem) => locateProblem(problem, section, place))),
  };
}
