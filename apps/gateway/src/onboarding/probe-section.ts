import { createContext, createRedactor, type ChannelDefinition, type Clock, type SectionDefinition } from "@revka/core";
import { probeChannel, type ProbeResult } from "../commands/probe-channel.ts";
import type { ProxyFor } from "../config/proxy-policy.ts";
import { createChannels } from "../create-channels.ts";

/** A section that is to be tried before it is saved. */
export interface SectionTrial {
  readonly section: SectionDefinition;
  readonly definition: ChannelDefinition;
  /** What the section's schema gave. */
  readonly config: unknown;
  /** What must not be shown. */
  readonly secrets: readonly string[];
  readonly proxyFor: ProxyFor;
  readonly clock: Clock;
}

/** What a trial found. */
export interface TrialResult extends ProbeResult {
  /** The check would post something that people see, and has to be asked for. */
  readonly isVisible: boolean;
}

/**
 * Asks the platform whether it takes a section's credentials, the way the channel itself will go.
 * @param mayBeVisible - false: a check that people would see is left out.
 */
export async function trySection({ section, definition, config, secrets, proxyFor, clock }: SectionTrial, mayBeVisible: boolean): Promise<TrialResult> {
  const redactor = createRedactor(secrets);
  const configured = new Map([[section.name, { section, definition, config, settings: {} }]]);
  const { channels, failures } = await createChannels(configured, (instance) =>
    createContext(instance, { clock, proxyFor: (url) => proxyFor(instance, url), addSecret: (value) => redactor.add(value) }),
  );
  const [channel] = channels;
  if (channel === undefined) return { name: section.name, outcome: "unhealthy", detail: redactor.text(String(failures[0]?.error)), isVisible: false };
  if (channel.probeIsVisible === true && !mayBeVisible) return { name: channel.name, outcome: "skipped", isVisible: true };
  const { detail, ...result } = await probeChannel(channel, clock);
  return { ...result, ...(detail !== undefined && { detail: redactor.text(detail) }), isVisible: channel.probeIsVisible === true };
}
