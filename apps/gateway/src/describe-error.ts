/** What an error says, with the secrets in it hidden. */
export function describeError(error: unknown, { redact }: { readonly redact: (text: string) => string }): string {
  return redact(error instanceof Error ? error.message : String(error));
}
