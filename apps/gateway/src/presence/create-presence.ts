import { replyTo, type Channel, type InboundMessage } from "@revka/core";
import { createLiveDraft } from "./live-draft.ts";
import type { Presence, PresenceRuntime } from "./presence.ts";
import { showTyping } from "./typing.ts";
import { withoutMarkers } from "./without-markers.ts";

const NOTHING: Presence = {
  show: () => undefined,
  finish: () => Promise.resolve(undefined),
  [Symbol.asyncDispose]: () => Promise.resolve(),
};

/** Shows that `message` is being answered, as the channel can: by the growing answer where the operator wants it, else by "typing". */
export function createPresence(channel: Channel, message: InboundMessage, runtime: PresenceRuntime): Presence {
  const target = replyTo(message);
  const { streamMode, draftUpdateIntervalMs } = runtime.treatmentOf(channel.name);
  const facts = { channel: channel.name, message_id: message.id };
  const openDraft = channel.openDraft?.bind(channel);
  const startTyping = channel.startTyping?.bind(channel);
  if (streamMode === "partial" && openDraft !== undefined) {
    const visible = (text: string): string => channel.split(withoutMarkers(text))[0] ?? "";
    return createLiveDraft(() => openDraft(target, runtime.stopped), { ...runtime, intervalMs: draftUpdateIntervalMs, visible, facts });
  }
  return startTyping === undefined ? NOTHING : showTyping(() => startTyping(target), { ...runtime, facts });
}
