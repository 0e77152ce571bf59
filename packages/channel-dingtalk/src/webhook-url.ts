/** Domains of the platform; a session webhook is on one of their hosts. */
const DOMAINS: readonly string[] = ["dingtalk.com", "dingtalk.io"];

/**
 * The session webhook that a message came with, if answers may go there: `https` to a host of the platform, or the
 * configured `baseUrl`'s own origin. Anything else would let a forged message choose where our answers go.
 */
export function parseWebhookUrl(value: string, baseUrl: string | undefined): URL | undefined {
  const url = URL.parse(value);
  if (url?.username !== "" || url.password !== "") return undefined;
  if (baseUrl !== undefined && url.origin === new URL(baseUrl).origin) return url;
  const isOfPlatform = DOMAINS.some((domain) => url.hostname === domain || url.hostname.endsWith(`.${domain}`));
  return url.protocol === "https:" && url.port === "" && isOfPlatform ? url : undefined;
}
