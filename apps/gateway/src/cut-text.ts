/** At most `chars` code units of `text`, the last an ellipsis where something is missing; never half a surrogate pair. */
export function cutText(text: string, chars: number): string {
  return text.length <= chars ? text : `${text.slice(0, chars - 1).replace(/[\uD800-\uDBFF]$/u, "")}…`;
}
