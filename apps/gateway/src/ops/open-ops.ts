import type { Logger } from "@revka/core";
import type { OpsSettings } from "../config/settings.ts";
import { listenForOps, type OpsListener } from "./http-listener.ts";
import { isAuthorized } from "./ops-token.ts";
import { createOpsRoutes, healthOf, type OpsSubject } from "./ops-routes.ts";
import { keepStateFile } from "./state-file.ts";

/** Everything that tells an operator how the daemon stands. */
export interface Ops extends AsyncDisposable {
  /** Absent where there is no listener. */
  readonly url?: string;
}

/** What telling needs besides what it tells of. */
export interface OpsOptions {
  readonly subject: OpsSubject;
  readonly settings: OpsSettings;
  readonly folder: string;
  readonly logger: Logger;
}

/**
 * Opens the listener and keeps the state file. A port that cannot be had is an error in the log and nothing more: messages
 * matter more than being watched.
 */
export async function openOps({ subject, settings, folder, logger }: OpsOptions): Promise<Ops> {
  const listener = settings.enabled ? await openListener(subject, settings, logger) : undefined;
  const ended = new AbortController();
  const describe = () => {
    const isOver = ended.signal.aborted;
    return { ...healthOf(subject), state: isOver ? ("stopped" as const) : ("running" as const), ...(listener !== undefined && !isOver && { ops: { url: listener.url } }) };
  };
  const file = await keepStateFile({ folder, describe, clock: subject.clock, logger, signal: ended.signal });
  return {
    ...(listener !== undefined && { url: listener.url }),
    async [Symbol.asyncDispose]() {
      await listener?.close();
      ended.abort();
      await file.ended;
    },
  };
}

async function openListener(subject: OpsSubject, { host, port }: OpsSettings, logger: Logger): Promise<OpsListener | undefined> {
  const onError = (error: unknown): void => logger.error({ component: "ops", error }, "The operations listener failed to answer");
  try {
    return await listenForOps({ host, port, routes: createOpsRoutes(subject), isAuthorized: (header) => isAuthorized(header, subject.token), onError });
  } catch (error) {
    logger.error({ component: "ops", error }, "No operations listener: set [ops] port to another one, or enabled = false; everything else goes on");
    return undefined;
  }
}
