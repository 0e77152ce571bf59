import type { SectionDefinition } from "@revka/core";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { KNOWN_CHANNELS } from "../registry.ts";
import type { ConfigChange } from "./with-config-file.ts";

/** The section of a channel that is installed here, or the code to end with, after saying why there is none. */
export function findSection({ io, config }: ConfigChange, name: string): SectionDefinition | ExitCode {
  const section = config.available.find((candidate) => candidate.name === name);
  if (section !== undefined) return section;
  const known = KNOWN_CHANNELS.find((candidate) => candidate.section === name);
  if (known !== undefined) {
    io.stderr.write(`The package ${known.packageName} for ${known.displayName} is not installed. To fix it: npm install ${known.packageName}\n`);
    return EXIT.failure;
  }
  const names = [...new Set([...KNOWN_CHANNELS.map(({ section: own }) => own), ...config.available.map(({ name: own }) => own)])];
  io.stderr.write(`Unknown channel "${name}". Supported: ${names.join(", ")}\n`);
  return EXIT.usage;
}
