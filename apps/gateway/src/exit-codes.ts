/** What the process tells its caller when it ends. */
export const EXIT = {
  ok: 0,
  /** Something failed, or a channel is not healthy. */
  failure: 1,
  /** The command line cannot be understood. */
  usage: 2,
  /** The configuration is wrong: starting again will not help (EX_CONFIG of sysexits.h). */
  config: 78,
  /** A second interrupt cut the orderly stop short. */
  interrupted: 130,
} as const;

/** One of the exit codes. */
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
