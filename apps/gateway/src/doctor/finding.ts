/** What one check of the doctor found. */
export interface Finding {
  /** What was looked at, e.g. `disk`. */
  readonly check: string;
  /** Only a failure is one for the exit code; what was skipped says why in its text. */
  readonly verdict: "ok" | "warning" | "failure" | "skipped";
  /** Not yet redacted. */
  readonly text: string;
  /** What to do about it. */
  readonly remedy?: string;
}
