import { join } from "node:path";
import { TransientError } from "@revka/core";
import type { CommandIo } from "../commands/command-io.ts";
import { firstSet } from "../config/environment.ts";
import type { ProgramResult } from "./run-program.ts";

/** The name of the unit. */
export const UNIT = "revka.service";

/** The systemd of the user who runs us. */
export interface Systemd {
  /** Where the unit belongs. */
  readonly unitFile: string;
  /**
   * Makes sure that there is one that answers.
   * @throws TransientError saying what to do instead.
   */
  requireAnswer(): Promise<void>;
  /**
   * Runs `systemctl --user`.
   * @throws TransientError with what it says when it fails.
   */
  control(args: readonly string[], limitMs?: number): Promise<string>;
}

/** Reaches it through the programs that come with it. */
export function createSystemd({ runProgram, environment, home }: Pick<CommandIo, "runProgram" | "environment" | "home">): Systemd {
  const configHome = firstSet(environment, ["XDG_CONFIG_HOME"])?.value ?? join(home, ".config");
  const systemctl = (args: readonly string[], limitMs?: number): Promise<ProgramResult> => runProgram("systemctl", ["--user", ...args], limitMs === undefined ? {} : { limitMs });
  return {
    unitFile: join(configHome, "systemd", "user", UNIT),
    async requireAnswer() {
      const result = await systemctl(["show", "--property=Version"]);
      if (result.kind === "missing") {
        throw new TransientError("There is no systemd here (systemctl was not found). Run `revka daemon` under whatever keeps programs running on this system; in a container it is the command itself");
      }
      if (result.exitCode === 0) return;
      throw new TransientError(
        `The systemd of this user does not answer (${firstLine(result.stderr)}). Log in as the user itself rather than with su or sudo, or let the user's services run without a login: loginctl enable-linger`,
      );
    },
    async control(args, limitMs) {
      const result = await systemctl(args, limitMs);
      if (result.kind === "missing") throw new TransientError("systemctl was not found");
      if (result.exitCode === 0) return result.stdout;
      throw new TransientError(`systemctl --user ${args.join(" ")} failed: ${firstLine(result.stderr)}`);
    },
  };
}

function firstLine(text: string): string {
  return text.trim().split("\n")[0] ?? "";
}
