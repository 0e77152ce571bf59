import type { Clock, Logger } from "@revka/core";
import type { Agent } from "./agents/agent.ts";
import type { DispatchSettings, MediaSettings, MultimodalSettings, Settings } from "./config/settings.ts";
import type { Notifier } from "./delivery/notifier.ts";
import type { ResolveMedia } from "./delivery/resolve-media.ts";
import type { Inbox } from "./inbox/inbox.ts";
import type { GatewayObserver } from "./observer.ts";
import type { Permits } from "./permits.ts";
import type { AckReactions } from "./presence/ack-reactions.ts";
import type { TreatmentOf } from "./treatment.ts";

/** What every step of a message's way shares. */
export interface Runtime {
  /** These three hold now; a reload may replace them, so nobody keeps them. */
  readonly settings: DispatchSettings;
  readonly multimodal: MultimodalSettings;
  readonly media: MediaSettings;
  /** How the messages of a channel are treated. */
  readonly treatmentOf: TreatmentOf;
  /** Goes by other settings from now on. */
  readonly adopt: (settings: Settings) => void;
  readonly resolveMedia: ResolveMedia;
  readonly inbox: Inbox;
  readonly agent: Agent;
  /** Who may ask the agent at the same time. */
  readonly thinking: Permits;
  /** Whose messages' files may be in memory at the same time. */
  readonly holding: Permits;
  readonly notifier: Notifier;
  readonly reactions: AckReactions;
  readonly observe: GatewayObserver;
  /** Hides secrets in what an error says. */
  readonly redact: (text: string) => string;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly random: () => number;
  /** Aborts when the gateway begins to stop: nothing new begins, what runs may end. */
  readonly draining: AbortSignal;
  /** Aborts when the time to end is over: whatever runs is given up, its row stays for the next start. */
  readonly stopped: AbortSignal;
}
