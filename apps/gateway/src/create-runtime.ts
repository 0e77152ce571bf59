import { join } from "node:path";
import { systemClock, type Channel, type ChannelContext } from "@revka/core";
import { createAgent } from "./agents/create-agent.ts";
import { turnsAtOnce } from "./config/turns-at-once.ts";
import type { Database } from "./database/open.ts";
import { createNotifier } from "./delivery/notifier.ts";
import { createOutbox } from "./delivery/outbox.ts";
import { createResolveMedia } from "./delivery/resolve-media.ts";
import type { GatewayOptions } from "./gateway-options.ts";
import { createInbox } from "./inbox/inbox.ts";
import { createPermits } from "./permits.ts";
import { createAckReactions } from "./presence/ack-reactions.ts";
import type { Runtime } from "./runtime.ts";
import { createTreatments } from "./treatment.ts";

/** What a runtime is made of, besides the options. */
export interface RuntimeParts {
  readonly database: Database;
  readonly channels: readonly Channel[];
  readonly contextOf: (instance: string) => ChannelContext;
  readonly draining: AbortSignal;
  readonly stopped: AbortSignal;
}

/** Messages whose files are in memory at once, each with up to a few dozen MiB. */
const MESSAGES_IN_MEMORY = 16;

/** Makes what every step of a message's way shares. */
export function createRuntime(options: GatewayOptions, { database, channels, contextOf, draining, stopped }: RuntimeParts): Runtime {
  const { folder, settings, logger, redactor, observer, clock = systemClock, random = Math.random } = options;
  const { dispatch, media, multimodal } = settings;
  const redact = (text: string): string => redactor?.text(text) ?? text;
  const treatmentOf = createTreatments(settings, contextOf);
  const roots = media.roots.length > 0 ? media.roots : [join(folder, "workspace", "outbox")];
  createOutbox(roots, logger);
  return {
    settings: dispatch,
    multimodal,
    media,
    treatmentOf,
    resolveMedia: createResolveMedia({
      roots,
      forbidden: [folder],
      maxBytes: media.maxOutboundBytes,
      allowRemoteFetch: multimodal.allowRemoteFetch,
      contextOf,
      proxyOf: (channel) => treatmentOf(channel).proxy,
    }),
    inbox: createInbox(database),
    agent: options.agent ?? createAgent(settings.agent, { clock, logger }),
    thinking: createPermits(dispatch.maxInFlight ?? turnsAtOnce(channels.length)),
    holding: createPermits(MESSAGES_IN_MEMORY),
    notifier: createNotifier({ isEnabled: dispatch.errorReplies, clock, logger, redact, signal: stopped }),
    reactions: createAckReactions({ treatmentOf, clock, logger, redact }),
    observe: observer ?? (() => undefined),
    redact,
    logger,
    clock,
    random,
    draining,
    stopped,
  };
}
