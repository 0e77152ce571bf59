/** A Markdown text without its markup; links keep their addresses, code keeps its lines. */
export function toPlainText(markdown: string): string {
  return markdown
    .split("\n")
    .filter((line) => !/^\s*(?:```|~~~)/.test(line))
    .map((line) => line.replace(/^(\s*)#{1,6}\s+/, "$1").replaceAll(/!?\[([^\]]*)\]\(([^()\s]+)\)/g, linkText).replaceAll(/(\*{1,3}|__|~~|`)(?=\S)(.*?\S)\1/g, "$2"))
    .join("\n");
}

function linkText(_link: string, words: string, address: string): string {
  return words === "" || words === address ? address : `${words} (${address})`;
}
