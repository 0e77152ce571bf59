import { flag, integerBetween, optionalString, table } from "@revka/core";
import * as v from "valibot";
import { firstSet, type Environment } from "./environment.ts";
import type { Override } from "./overrides.ts";
import { readAs } from "./read-as.ts";
import type { TableDeclaration } from "./read-table.ts";
import type { OpsSettings } from "./settings.ts";

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|::1)$/;

const VARIABLES = { host: "REVKA_GATEWAY_HOST", port: "REVKA_GATEWAY_PORT", allow_public_bind: "REVKA_ALLOW_PUBLIC_BIND" } as const;

/** `[ops]`. */
export const opsTable: TableDeclaration<OpsSettings> = {
  path: "ops",
  fields: [
    { key: "enabled", type: "boolean", description: "Whether the daemon tells how it stands over HTTP.", default: true },
    { key: "host", type: "string", description: "The address it listens on.", default: "127.0.0.1" },
    { key: "port", type: "integer", description: "Its port; 0 takes any that is free.", default: 42_617 },
    { key: "allow_public_bind", type: "boolean", description: "Lets host be an address that other machines can reach.", default: false },
  ],
  schema: v.pipe(
    table({ enabled: flag(true), host: optionalString, port: integerBetween(0, 65_535, 42_617), allow_public_bind: flag(false) }),
    v.transform((section) => ({ ...section, host: section.host ?? "127.0.0.1" })),
    v.check(({ host, allow_public_bind: isPublic }) => isPublic || isLoopbackHost(host), "a loopback host, or allow_public_bind = true: who reaches the listener learns how the gateway stands"),
    v.transform(({ enabled, host, port, allow_public_bind: isPublicAllowed }) => ({ enabled, host, port, isPublicAllowed })),
  ),
};

/** What the environment says about the table. A plain `PORT` is meant for others and moves nothing. */
export function opsOverrides(environment: Environment): Override[] {
  return Object.entries(VARIABLES).flatMap(([key, name]): Override[] => {
    const found = firstSet(environment, [name]);
    const type = key === "port" ? "integer" : key === "host" ? "string" : "boolean";
    return found === undefined ? [] : [{ key, value: readAs(type, found.value), variable: found.name }];
  });
}

/** Whether a host names this machine alone. */
export function isLoopbackHost(host: string): boolean {
  return LOOPBACK.test(host);
}
