import { basename } from "node:path";
import type { LocatedProblem } from "./problem.ts";

/** One problem in one line: `config.toml:12  [channels_config.mochat] poll_interval_secs: found …, allowed is …`. */
export function problemLine({ file, line, section, key, found, allowed, hint }: LocatedProblem): string {
  const place = `${basename(file)}${line === undefined ? "" : `:${line}`}`;
  const subject = [section === "" ? "" : `[${section}]`, key].filter((part) => part !== "").join(" ");
  return `${place}  ${subject === "" ? "" : `${subject}: `}found ${found}, allowed is ${allowed}${hint === undefined ? "" : `; ${hint}`}`;
}

/** All problems for people: a heading with the file, then a line for each. */
export function reportText(file: string, problems: readonly LocatedProblem[]): string {
  const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  return [`${count} in ${file}:`, ...problems.map((problem) => `  ${problemLine(problem)}`)].join("\n");
}
