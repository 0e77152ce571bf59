import { choice, flag, proxyChoice, stringList, table } from "@revka/core";
import * as v from "valibot";
import { firstSet, type Environment } from "./environment.ts";
import type { Override } from "./overrides.ts";
import type { TableDeclaration } from "./read-table.ts";
import type { ProxySettings } from "./settings.ts";
import type { Table } from "./table.ts";

const SCOPES = {
  environment: "environment",
  env: "environment",
  revka: "revka",
  internal: "revka",
  core: "revka",
  services: "services",
  service: "services",
} as const;

const URL_KEYS = ["http_proxy", "https_proxy", "all_proxy"] as const;

const checkedKeys = v.pipe(
  table({
    enabled: flag(false),
    http_proxy: proxyChoice,
    https_proxy: proxyChoice,
    all_proxy: proxyChoice,
    no_proxy: stringList,
    scope: choice(["revka", "internal", "core", "environment", "env", "services", "service"], "revka"),
    services: stringList,
  }),
  v.check(
    (section) => !section.enabled || URL_KEYS.some((key) => section[key] !== undefined),
    "a table with http_proxy, https_proxy or all_proxy, since enabled is true",
  ),
  v.check((section) => SCOPES[section.scope] !== "services" || section.services.length > 0, 'a table with services, since scope is "services"'),
);

/** `[proxy]`. */
export const proxyTable: TableDeclaration<ProxySettings> = {
  path: "proxy",
  fields: [
    { key: "enabled", type: "boolean", description: "Whether the proxies below are used; false also keeps those of the environment out.", default: false },
    { key: "http_proxy", type: "url", description: "For http and ws targets." },
    { key: "https_proxy", type: "url", description: "For https and wss targets." },
    { key: "all_proxy", type: "url", description: "For targets that have no proxy of their own above." },
    { key: "no_proxy", type: "string-list", description: "Hosts, .suffixes, addresses and ranges that are reached directly.", default: [] },
    { key: "scope", type: "choice", choices: Object.keys(SCOPES), description: "Whether all traffic goes through it or only that of some services.", default: "revka" },
    { key: "services", type: "string-list", description: 'With scope "services": channel.<name>, transcription.<provider>; channel.* and transcription.* for all', default: [] },
  ],
  schema: v.pipe(
    checkedKeys,
    v.transform((section) => ({
      enabled: section.enabled,
      httpProxy: section.http_proxy,
      httpsProxy: section.https_proxy,
      allProxy: section.all_proxy,
      noProxy: section.no_proxy,
      scope: SCOPES[section.scope],
      services: section.services,
    })),
  ),
};

/**
 * What the environment adds to the table: `REVKA_HTTP_PROXY` goes before the file, `HTTP_PROXY` and `http_proxy` fill
 * in what neither says; likewise for HTTPS, ALL and NO. A proxy found there switches the table on, but an explicit
 * `enabled = false` keeps all of them out: an inherited proxy must not break a bot whose file says it needs none.
 */
export function proxyOverrides(raw: Table, environment: Environment): Override[] {
  if (raw["enabled"] === false) return [];
  const overrides = [...URL_KEYS, "no_proxy"].flatMap((key): Override[] => {
    const found = firstSet(environment, [`REVKA_${key.toUpperCase()}`, ...(key in raw ? [] : [key.toUpperCase(), key])]);
    return found === undefined ? [] : [{ key, value: key === "no_proxy" ? [found.value] : found.value, variable: found.name }];
  });
  const proxy = overrides.find(({ key }) => key !== "no_proxy");
  return proxy === undefined ? overrides : [...overrides, { key: "enabled", value: true, variable: proxy.variable }];
}
