import { join } from "node:path";
import { systemClock, type Channel, type ChannelContext } from "@revka/core";
import { createAgent } from "./agents/create-agent.ts";
import type { Settings } from "./config/settings.ts";
import { turnsAtOnce } from "./config/turns-at-once.ts";
import type { Database } from "./database/open.ts";
import { createNotifier } from "./delivery/notifier.ts";
import { createOutbox } from "./delivery/outbox.ts";
import { createResolveMedia, type MediaRules } from "./delivery/resolve-media.ts";
import type { GatewayOptions } from "./gateway-options.ts";
import { createInbox } from "./inbox/inbox.ts";
import type { LiveSettings } from "./live-settings.ts";
import { createPermits } from "./permits.ts";
import { createAckReactions } from "./presence/ack-reactions.ts";
import type { Runtime } from "./runtime.ts";
import { createTreatments } from "./treatment.ts";

/** What a runtime is made of, besides the options. */
export interface RuntimeParts {
  readonly live: LiveSettings;
  readonly database: Database;
  readonly channels: readonly Channel[];
  readonly contextOf: (instance: string) => ChannelContext;
  readonly draining: AbortSignal;
  readonly stopped: AbortSignal;
}

/** Messages whose files are in memory at once, each with up to a few dozen MiB. */
const MESSAGES_IN_MEMORY = 16;

/** Makes what every step of a message's way shares. */
export function createRuntime(options: GatewayOptions, { live, database, channels, contextOf, draining, stopped }: RuntimeParts): Runtime {
  const { folder, settings, logger, redactor, observer, clock = systemClock, random = Math.random } = options;
  const redact = (text: string): string => redactor?.text(text) ?? text;
  const treatments = createTreatments(settings, contextOf);
  const treatmentOf = treatments.of;
  const rootsOf = ({ media: { roots } }: Settings): readonly string[] => (roots.length > 0 ? roots : [join(folder, "workspace", "outbox")]);
  const rules = (): MediaRules => ({ roots: rootsOf(live.current), maxBytes: live.current.media.maxOutboundBytes, allowRemoteFetch: live.current.multimodal.allowRemoteFetch });
  createOutbox(rootsOf(settings), logger);
  return {
    get settings() {
      return live.current.dispatch;
    },
    get multimodal() {
      return live.current.multimodal;
    },
    get media() {
      return live.current.media;
    },
    treatmentOf,
    adopt(next) {
      live.replace(next);
      treatments.replace(next);
      createOutbox(rootsOf(next), logger);
    },
    resolveMedia: createResolveMedia({
      rules,
      forbidden: [folder],
      contextOf,
      proxyOf: (channel) => treatmentOf(channel).proxy,
    }),
    inbox: createInbox(database),
    agent: options.agent ?? createAgent(settings.agent, { clock, logger }),
    thinking: createPermits(() => live.current.dispatch.maxInFlight ?? turnsAtOnce(channels.length)),
    holding: createPermits(() => MESSAGES_IN_MEMORY),
    notifier: createNotifier({ isEnabled: () => live.current.dispatch.errorReplies, clock, logger, redact, signal: stopped }),
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
