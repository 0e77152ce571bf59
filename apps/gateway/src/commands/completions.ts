import { Argument, type Command } from "commander";
import { commandTree } from "../completions/command-tree.ts";
import { completionScript, SHELLS } from "../completions/shell-scripts.ts";
import { EXIT } from "../exit-codes.ts";
import type { CommandIo } from "./command-io.ts";

/** `revka completions`: made from the commands themselves, so that it knows them all. */
export function registerCompletions(program: Command, io: CommandIo): void {
  program
    .command("completions")
    .description("print a script that makes your shell complete revka, e.g. for ~/.bashrc: source <(revka completions bash)")
    .addArgument(new Argument("<shell>", "which shell").choices(SHELLS))
    .action((shell: (typeof SHELLS)[number]) => {
      io.stdout.write(completionScript(shell, commandTree(program)));
      io.setExitCode(EXIT.ok);
    });
}
