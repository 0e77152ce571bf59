import { allNodes, wordsAfter, type CommandNode } from "./command-tree.ts";

/** The shells that a script can be made for. */
export const SHELLS = ["bash", "zsh", "fish"] as const;

/** The script that makes a shell complete `revka`. */
export function completionScript(shell: (typeof SHELLS)[number], root: CommandNode): string {
  if (shell === "fish") return fish(root);
  return shell === "zsh" ? `autoload -U +X bashcompinit && bashcompinit\n${bash(root)}` : bash(root);
}

/** Walks the words so far to the command they name, then offers what may follow. Where that is nothing, it offers files. */
function bash(root: CommandNode): string {
  const nodes = allNodes(root);
  const steps = nodes.filter(({ path }) => path.length > 0).map(({ path }) => `"${path.slice(0, -1).join(" ")} ${path.at(-1) ?? ""}"`);
  const choices = nodes.flatMap(({ options }) => options).filter((option) => option.choices.length > 0);
  return [
    "_revka() {",
    '  local path="" word current="${COMP_WORDS[COMP_CWORD]}" words=""',
    '  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do',
    `    case "$path $word" in ${steps.join("|")}) path="\${path:+$path }$word" ;; esac`,
    "  done",
    '  case "${COMP_WORDS[COMP_CWORD-1]}" in',
    ...choices.map(({ flag, choices: own }) => `    ${flag}) COMPREPLY=($(compgen -W "${own.join(" ")}" -- "$current")); return ;;`),
    "  esac",
    '  case "$path" in',
    ...nodes.map((node) => `    "${node.path.join(" ")}") words="${wordsAfter(node, root).join(" ")}" ;;`),
    "  esac",
    '  COMPREPLY=($(compgen -W "$words" -- "$current"))',
    "}",
    "complete -o default -F _revka revka",
    "",
  ].join("\n");
}

function fish(root: CommandNode): string {
  const lines = allNodes(root).flatMap((node) => {
    const isHere = `-n ${quoted(conditionOf(node))}`;
    return [
      ...node.children.map(({ path, description }) => `complete -c revka ${isHere} -f -a ${quoted(path.at(-1) ?? "")} -d ${quoted(description)}`),
      ...node.options.map(({ flag, description, choices }) => {
        const words = choices.length === 0 ? "" : ` -x -a ${quoted(choices.join(" "))}`;
        // Options of the program itself hold everywhere.
        return `complete -c revka ${node === root ? "" : `${isHere} `}-l ${flag.slice(2)}${words} -d ${quoted(description)}`;
      }),
    ];
  });
  return [...lines, ""].join("\n");
}

/** That the words so far name this command and none below it. */
function conditionOf({ path, children }: CommandNode): string {
  const seen = path.map((word) => `__fish_seen_subcommand_from ${word}`);
  const below = children.map((child) => child.path.at(-1) ?? "");
  if (below.length > 0) seen.push(`not __fish_seen_subcommand_from ${below.join(" ")}`);
  return seen.join("; and ");
}

function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, "\\$&")}'`;
}
