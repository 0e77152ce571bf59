import { join } from "node:path";
import { systemClock, type ChannelContext } from "@revka/core";
import { createRuntime } from "./create-runtime.ts";
import { openDatabase } from "./database/open.ts";
import { createDeniedSenders, type DeniedSenders } from "./denied-senders.ts";
import type { Gateway, GatewayOptions } from "./gateway-options.ts";
import { createDeadLetters } from "./inbox/dead-letters.ts";
import { lockFolder } from "./instance-lock.ts";
import { createLifecycle } from "./lifecycle.ts";
import { createLiveSettings, type LiveSettings } from "./live-settings.ts";
import { scopeLogger } from "./scoped-logger.ts";
import { createSealing } from "./store/sealing.ts";
import { createSqliteStores, type SqliteStores } from "./store/sqlite-store.ts";
import { unusedSettings } from "./treatment.ts";

interface ContextParts {
  readonly live: LiveSettings;
  readonly stores: SqliteStores;
  readonly denied: DeniedSenders;
}

function createContextOf(options: GatewayOptions, { live, stores, denied }: ContextParts): (instance: string) => ChannelContext {
  const { logger, clock = systemClock, random = Math.random, redactor, channelObserver: observe } = options;
  return (instance) => ({
    instance,
    logger: scopeLogger(logger, { component: `channel:${instance}`, channel: instance }),
    store: stores.of(instance),
    clock,
    random,
    proxyFor: (url) => live.proxyFor(instance, url),
    addSecret: (value) => redactor?.add(value),
    onDenied(sender) {
      observe?.({ step: "denied", channel: instance });
      denied.note(instance, sender);
    },
    onTokenRefresh: (isRefreshed) => observe?.({ step: isRefreshed ? "token-refreshed" : "token-failed", channel: instance }),
  });
}

/**
 * Locks the folder, opens the state database and makes the channels; nothing listens before `start`.
 *
 * Call `stop` also when `start` was never called: it frees the folder.
 * @throws TransientError when another gateway works on the folder; ConfigError when a newer release wrote its database;
 * whatever `createChannels` throws.
 */
export async function createGateway(options: GatewayOptions): Promise<Gateway> {
  const { folder, settings, logger, clock = systemClock } = options;
  using opening = new DisposableStack();
  opening.adopt(lockFolder(folder), (lock) => lock.release());
  const database = openDatabase({ file: join(folder, "state.sqlite"), synchronous: settings.state.synchronous, clock, logger });
  opening.adopt(database, (opened) => opened.close());
  const stores = createSqliteStores(database, clock, { sealing: createSealing(folder) });
  const denied = createDeniedSenders({ storeOf: (channel) => stores.of(`denied:${channel}`), clock, logger });
  const live = createLiveSettings(settings);
  const contextOf = createContextOf(options, { live, stores, denied });
  const { channels, warnings } = await options.createChannels(contextOf);
  for (const warning of [...warnings, ...unusedSettings(channels, settings)]) logger.warn({ component: "config" }, warning);

  const draining = new AbortController();
  const stopped = new AbortController();
  const runtime = createRuntime(options, { live, database, channels, contextOf, draining: draining.signal, stopped: stopped.signal });
  const letters = createDeadLetters(database);
  return createLifecycle({ channels, contextOf, runtime, stores, letters, denied, draining, stopped, isDegraded: database.isDegraded, opened: opening.move() });
}
