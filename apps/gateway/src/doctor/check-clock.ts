import { createContext, createHttp, type Clock, type ProxyChoice } from "@revka/core";
import type { LoadedConfig } from "../config/loaded-config.ts";
import type { ProxyFor } from "../config/proxy-policy.ts";
import type { Finding } from "./finding.ts";

const TIMEOUT_MS = 5_000;
/** Platforms sign with the time, and refuse what is too far from theirs. */
const SKEW = { warningMs: 30_000, failureMs: 300_000 } as const;

/** How far our clock is from those of the platforms, by the `Date` of an answer that costs nothing; the first that gives one counts. */
export async function checkClock({ sections }: Pick<LoadedConfig, "sections">, proxyFor: ProxyFor, clock: Clock): Promise<Finding> {
  const check = "clock";
  const places = [...sections].flatMap(([name, { proxy, platformUrl: url }]) => (url === undefined ? [] : [askForDate({ name, url, proxy }, proxyFor, clock)]));
  if (places.length === 0) return { check, verdict: "skipped", text: "no configured channel names an address to compare with" };
  const answers = (await Promise.all(places)).filter((answer) => answer !== undefined);
  const [answer] = answers;
  if (answer === undefined) return { check, verdict: "skipped", text: "no platform answered with its time" };
  const text = `${describe(answer.skewMs)} of ${answer.host}`;
  const distance = Math.abs(answer.skewMs);
  if (distance < SKEW.warningMs) return { check, verdict: "ok", text };
  return { check, verdict: distance < SKEW.failureMs ? "warning" : "failure", text, remedy: "set the clock, e.g. timedatectl set-ntp true: signatures and tokens depend on it" };
}

interface Place {
  readonly name: string;
  readonly url: URL;
  readonly proxy: ProxyChoice | undefined;
}

async function askForDate({ name, url, proxy }: Place, proxyFor: ProxyFor, clock: Clock): Promise<{ host: string; skewMs: number } | undefined> {
  const { origin, host } = url;
  const context = createContext(name, { clock, proxyFor: (target) => proxyFor(name, target) });
  const http = createHttp(context, { baseUrl: origin, timeoutMs: TIMEOUT_MS, ...(proxy !== undefined && { proxyUrl: proxy }) });
  try {
    const { headers } = await http.request("HEAD", "/", { followRedirects: false });
    const theirs = Date.parse(headers.get("date") ?? "");
    // The header has whole seconds: on average it is half of one behind.
    return Number.isNaN(theirs) ? undefined : { host, skewMs: clock.now() - (theirs + 500) };
  } catch {
    return undefined; // the channel's own check says what is wrong
  }
}

function describe(skewMs: number): string {
  const seconds = Math.round(Math.abs(skewMs) / 1_000);
  return seconds < 2 ? "right by that" : `${seconds} s ${skewMs > 0 ? "ahead" : "behind"} that`;
}
