import type { Command } from "commander";

/** A command as a shell completes it. */
export interface CommandNode {
  /** The words that lead to it; none for the program itself. */
  readonly path: readonly string[];
  readonly description: string;
  /** Long options with their dashes. */
  readonly options: readonly { readonly flag: string; readonly description: string; readonly choices: readonly string[] }[];
  readonly children: readonly CommandNode[];
}

/** The tree of a program's commands. */
export function commandTree(command: Command, path: readonly string[] = []): CommandNode {
  const own = command.options.flatMap(({ long, description, argChoices, hidden }) => (typeof long !== "string" || hidden ? [] : [{ flag: long, description, choices: argChoices ?? [] }]));
  return {
    path,
    description: command.description(),
    options: [...own, { flag: "--help", description: "how it is used", choices: [] }],
    children: command.commands.map((child) => commandTree(child, [...path, child.name()])),
  };
}

/** A node and everything below it. */
export function allNodes(node: CommandNode): CommandNode[] {
  return [node, ...node.children.flatMap(allNodes)];
}

/** What may follow a command: its subcommands, its options, and those of the program. */
export function wordsAfter(node: CommandNode, root: CommandNode): string[] {
  const names = node.children.map(({ path }) => path.at(-1) ?? "");
  return [...new Set([...names, ...node.options.map(({ flag }) => flag), ...root.options.map(({ flag }) => flag)])];
}
