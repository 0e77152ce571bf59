/** What people see of a markdown text: the two spaces that make a line break hold are not among it. */
export function asShown(markdown: string): string {
  return markdown.replaceAll("  \n", "\n");
}
