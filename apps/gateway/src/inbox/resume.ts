import type { Channel } from "@revka/core";
import type { ReceptionOptions } from "./reception.ts";
import { conversationKey } from "./conversation-key.ts";
import type { InboxEntry } from "./entry.ts";

/**
 * Puts everything that earlier processes left back into its lanes, in the order of acceptance, whatever the caps say.
 *
 * Rows of a channel that is not there now stay as they are: its section may come back.
 */
export function resumeEntries(channels: ReadonlyMap<string, Channel>, options: ReceptionOptions): void {
  const { runtime } = options;
  const left = new Map<string, number>();
  const entries = runtime.inbox.unfinished();
  for (const entry of entries) {
    const channel = channels.get(entry.message.channel);
    if (channel === undefined) {
      left.set(entry.message.channel, (left.get(entry.message.channel) ?? 0) + 1);
      continue;
    }
    resumeEntry(entry, channel, options);
  }
  if (entries.length > 0) runtime.logger.info({ component: "inbox", count: entries.length }, "Going on with what the last run left");
  for (const [channel, count] of left) {
    runtime.logger.warn({ component: "inbox", channel, count }, "Messages of a channel that is not configured now stay in the inbox");
  }
}

/** Puts what earlier processes left for a channel that is here for the first time back into its lanes. */
export function resumeLeft(channel: Channel, options: ReceptionOptions): void {
  const entries = options.runtime.inbox.unfinished().filter(({ message }) => message.channel === channel.name);
  for (const entry of entries) resumeEntry(entry, channel, options);
  if (entries.length > 0) options.runtime.logger.info({ component: "inbox", channel: channel.name, count: entries.length }, "Going on with what the last run left");
}

/** Puts one entry that is on disk into its lane, whatever the caps say. */
export function resumeEntry(entry: InboxEntry, channel: Channel, { runtime, room, lanes, handle }: ReceptionOptions): void {
  const permit = room.force();
  const place = lanes.reserve(conversationKey(entry.message, runtime.settings.conversationScope), Infinity);
  place?.fill(() => handle(entry, channel).finally(() => permit.giveBack()));
}
