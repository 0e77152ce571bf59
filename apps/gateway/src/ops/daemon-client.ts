import { UnknownOutcomeError } from "@revka/core";
import * as v from "valibot";
import { readOpsToken } from "./ops-token.ts";
import { readStateFile } from "./state-file.ts";

/** A daemon that runs on a folder, as another process of the same user reaches it. */
export interface DaemonClient {
  readonly url: string;
  /** How it stands; undefined when it does not answer. */
  health(): Promise<DaemonHealth | undefined>;
  /**
   * A call that needs the token; undefined when nobody is there.
   * @throws UnknownOutcomeError when somebody is, and gives no answer.
   */
  post(path: string, body: unknown): Promise<DaemonReply | undefined>;
}

/** What a daemon answered. */
export interface DaemonReply {
  readonly status: number;
  readonly body: unknown;
}

/** How one part of a daemon stands. */
interface ComponentState {
  readonly status: string;
  readonly last_error?: string | undefined;
}

/** What `/health` tells. */
export interface DaemonHealth {
  readonly runtime: { readonly pid: number; readonly uptime_seconds: number; readonly components: Readonly<Record<string, ComponentState>> };
}

const component = v.object({ status: v.string(), last_error: v.optional(v.string()) });
const healthSchema: v.GenericSchema<unknown, DaemonHealth> = v.object({
  runtime: v.object({ pid: v.number(), uptime_seconds: v.number(), components: v.record(v.string(), component) }),
});

const TIMEOUT_MS = 5_000;
/** A send may take as long as its platform does. */
const POST_TIMEOUT_MS = 60_000;

/** The daemon of a folder, as its state file names it; undefined where none says that it runs. */
export function findDaemon(folder: string): DaemonClient | undefined {
  const state = readStateFile(folder);
  if (state?.state !== "running" || state.ops === undefined) return undefined;
  return connectTo(state.ops.url, readOpsToken(folder));
}

/** A daemon at an address, whether or not it is there. */
export function connectTo(url: string, token?: string): DaemonClient {
  const ask = async (path: string, init: RequestInit, timeoutMs: number): Promise<DaemonReply> => {
    const reply = await fetch(url + path, { ...init, redirect: "error", signal: AbortSignal.timeout(timeoutMs) });
    return { status: reply.status, body: await reply.json() };
  };
  return {
    url,
    async health() {
      const reply = await ask("/health", {}, TIMEOUT_MS).catch(() => undefined);
      const health = v.safeParse(healthSchema, reply?.body);
      return reply?.status === 200 && health.success ? health.output : undefined;
    },
    async post(path, body) {
      const headers = { authorization: `Bearer ${token ?? ""}`, "content-type": "application/json" };
      try {
        return await ask(path, { method: "POST", headers, body: JSON.stringify(body) }, POST_TIMEOUT_MS);
      } catch (error) {
        if (isNobodyThere(error)) return undefined;
        throw new UnknownOutcomeError(`The daemon at ${url} gave no answer: whether it did its work is not known`, { cause: error });
      }
    },
  };
}

function isNobodyThere(error: unknown): boolean {
  return error instanceof Error && error.cause instanceof Error && "code" in error.cause && error.cause.code === "ECONNREFUSED";
}
