import { connect } from "node:net";
import { maskProxy } from "@revka/core";
import { wayOf } from "../channel-facts.ts";
import type { ConfiguredSection } from "../config/loaded-config.ts";
import type { ProxyFor } from "../config/proxy-policy.ts";
import type { Finding } from "./finding.ts";

const DIAL_MS = 5_000;
const PORTS: Readonly<Record<string, number>> = { "http:": 80, "https:": 443, "socks5:": 1080 };

/** Whether each proxy that a channel goes through can be reached; nothing is asked of it. */
export async function checkProxies(sections: ReadonlyMap<string, ConfiguredSection>, proxyFor: ProxyFor): Promise<Finding[]> {
  const check = "proxy";
  const users = Map.groupBy(sections, ([, configured]) => {
    const choice = wayOf(configured, proxyFor);
    return choice === "direct" ? undefined : choice.href;
  });
  const proxies = [...users].flatMap(([href, own]) => (href === undefined ? [] : [{ url: new URL(href), names: own.map(([name]) => name).join(", ") }]));
  if (proxies.length === 0) return [{ check, verdict: "skipped", text: "no channel goes through one" }];
  return await Promise.all(
    proxies.map(async ({ url, names }): Promise<Finding> => {
      const reason = await dial(url);
      const text = `${maskProxy(url)} (${names})`;
      if (reason === undefined) return { check, verdict: "ok", text: `${text} can be reached` };
      return { check, verdict: "failure", text: `${text} cannot be reached: ${reason}`, remedy: "start it, or correct proxy_url or [proxy]: these channels do not go around it" };
    }),
  );
}

/** Why nobody is there; undefined when somebody is. */
function dial({ protocol, hostname, port }: URL): Promise<string | undefined> {
  const target = { host: hostname.replace(/^\[(.*)\]$/, "$1"), port: port === "" ? PORTS[protocol] ?? 80 : Number(port) };
  return new Promise((resolve) => {
    const socket = connect({ ...target, timeout: DIAL_MS });
    const end = (reason?: string): void => {
      socket.destroy();
      resolve(reason);
    };
    socket.once("connect", () => end());
    socket.once("timeout", () => end(`no answer within ${DIAL_MS / 1_000} s`));
    socket.once("error", (error) => end("code" in error ? String(error.code) : error.message));
  });
}
