import { createServer } from "node:net";
import type { LoadedConfig } from "../config/loaded-config.ts";
import type { Finding } from "./finding.ts";

/** Somebody who is going to listen. */
interface Claim {
  /** The table that says so. */
  readonly table: string;
  readonly host: string;
  readonly port: number;
}

/** Whether the ports that the daemon is going to listen on can be had. A port of 0 is any that is free. */
export async function checkPorts(config: Pick<LoadedConfig, "tables" | "settings">): Promise<Finding[]> {
  const { ops } = config.settings;
  const own: Claim[] = ops.enabled && ops.port !== 0 ? [{ table: "ops", host: ops.host, port: ops.port }] : [];
  const claims = [...own, ...webhooks(config)];
  if (claims.length === 0) return [{ check: "ports", verdict: "skipped", text: "nothing is going to listen on a fixed one" }];
  const byPlace = Map.groupBy(claims, ({ host, port }) => `${host}:${port}`);
  return await Promise.all([...byPlace].map(([place, claimants]) => checkPlace(place, claimants)));
}

/** Several channels may share a listener: each has its own path. */
function webhooks({ tables }: Pick<LoadedConfig, "tables">): Claim[] {
  return tables.flatMap(({ path, table: { receive_mode: mode, host, port } }) =>
    mode === "webhook" && typeof port === "number" ? [{ table: path, host: typeof host === "string" && host.trim() !== "" ? host.trim() : "127.0.0.1", port }] : [],
  );
}

async function checkPlace(place: string, claims: readonly Claim[]): Promise<Finding> {
  const check = "ports";
  const tables = claims.map(({ table }) => `[${table}]`).join(" and ");
  if (claims.length > 1 && claims.some(({ table }) => table === "ops")) {
    return { check, verdict: "failure", text: `${place} is wanted by ${tables}`, remedy: "give one of them another port" };
  }
  const [claim] = claims;
  const reason = claim === undefined ? undefined : await tryToListen(claim);
  if (reason === undefined) return { check, verdict: "ok", text: `${place} is free for ${tables}` };
  const remedies: Readonly<Record<string, string>> = {
    EADDRINUSE: `end the program that listens there, or set port under ${tables} to another one`,
    EACCES: `set port under ${tables} to 1024 or more`,
    EADDRNOTAVAIL: `set host under ${tables} to an address of this machine`,
  };
  const remedy = remedies[reason] ?? `correct host and port under ${tables}`;
  // Without its operations listener the daemon goes on.
  return { check, verdict: claim?.table === "ops" ? "warning" : "failure", text: `${place} cannot be had for ${tables} (${reason})`, remedy };
}

function tryToListen({ host, port }: Claim): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", (error) => resolve("code" in error ? String(error.code) : error.message));
    server.listen(port, host, () => server.close(() => resolve(undefined)));
  });
}
