import type { LoadedConfig } from "../config/loaded-config.ts";
import { problemLine } from "../config/report.ts";
import type { Finding } from "./finding.ts";

/** Every problem and every warning of the configuration, and whether somebody answers in it. */
export function checkConfig({ file, hasFile, problems, warnings, sections, settings }: LoadedConfig): Finding[] {
  const check = "config";
  const found: Finding[] = [
    ...problems.map((problem): Finding => ({ check, verdict: "failure", text: problemLine(problem), remedy: hasFile ? `edit ${file}, then run: revka config check` : "run: revka onboard" })),
    ...warnings.map((text): Finding => ({ check, verdict: "warning", text })),
  ];
  if (problems.length === 0) found.unshift({ check, verdict: "ok", text: `${hasFile ? file : "the environment"} is valid; channels: ${[...sections.keys()].join(", ") || "none"}` });
  return [...found, agentFinding(settings.agent)];
}

function agentFinding({ kind, isConfigured }: LoadedConfig["settings"]["agent"]): Finding {
  if (isConfigured) return { check: "agent", verdict: "ok", text: kind };
  return { check: "agent", verdict: "warning", text: `none is configured, so the ${kind} answers: people read their own words`, remedy: "say under [agent] who answers" };
}
