import { isSafe, type Answer, type Exchange } from "./exchange.ts";

/** How far redirects are followed. */
export interface RedirectRules {
  readonly maxCount: number;
  /** The request for the next URL, or undefined when it is not for us to follow. May throw to refuse it. */
  readonly next: (call: Exchange, url: URL) => Exchange | undefined;
}

/** Sends `first` and follows its redirects; the one that is not followed is the answer. */
export async function followRedirects(first: Exchange, rules: RedirectRules, send: (call: Exchange) => Promise<Answer>): Promise<Answer> {
  let call = first;
  for (let count = 0; ; count += 1) {
    const answer = await send(call);
    const url = count < rules.maxCount ? redirectTarget(call, answer) : undefined;
    const next = url && rules.next(call, url);
    if (next === undefined) return answer;
    call = next;
  }
}

/** Where an answer leads. A GET or HEAD follows every kind; other methods only 307 and 308, which mean the same request again. */
function redirectTarget({ method, url }: Exchange, { status, headers }: Answer): URL | undefined {
  const followed = isSafe(method) ? [301, 302, 303, 307, 308] : [307, 308];
  const location = headers.get("location");
  if (location === null || !followed.includes(status)) return undefined;
  return URL.parse(location, url.href) ?? undefined;
}
