import type { Channel, ChannelContext, ProxyChoice } from "@revka/core";
import type { PresenceSettings, Settings } from "./config/settings.ts";
import type { Transcriber } from "./transcription/transcriber.ts";
import { createWhisper } from "./transcription/whisper.ts";

/** How the messages of one channel are treated. */
export interface Treatment extends PresenceSettings {
  /** Absent: voice is not transcribed. */
  readonly transcriber?: Transcriber;
  /** The channel's own proxy. */
  readonly proxy?: ProxyChoice;
}

/** The treatment of a channel, by its name. */
export type TreatmentOf = (channel: string) => Treatment;

/** The treatments of all channels. */
export interface Treatments {
  readonly of: TreatmentOf;
  /** Takes what the sections say from now on. */
  readonly replace: (channels: Settings["channels"]) => void;
}

/** What each channel's section says, and `[channels_config]` where it says nothing. */
export function createTreatments({ dispatch, channels }: Pick<Settings, "dispatch" | "channels">, contextOf: (service: string) => ChannelContext): Treatments {
  const { ackReactions, streamMode, draftUpdateIntervalMs } = dispatch;
  const treat = (sections: Settings["channels"]): ReadonlyMap<string, Treatment> =>
    new Map(
      Object.entries(sections).map(([name, { transcription, ...presence }]) => {
        const own = { ackReactions, streamMode, draftUpdateIntervalMs, ...presence };
        return [name, transcription === undefined ? own : { ...own, transcriber: createWhisper(transcription, contextOf) }] as const;
      }),
    );
  let treatments = treat(channels);
  return {
    of: (channel) => treatments.get(channel) ?? dispatch,
    replace(next) {
      treatments = treat(next);
    },
  };
}

/** What the settings ask of channels that cannot do it, as sentences for the operator. */
export function unusedSettings(channels: readonly Channel[], { dispatch, channels: own }: Pick<Settings, "dispatch" | "channels">): string[] {
  return channels.flatMap((channel) => {
    const { name, displayName } = channel;
    const { streamMode = dispatch.streamMode, ackReactions = false } = own[name] ?? {};
    return [
      ...(streamMode === "partial" && channel.openDraft === undefined ? [`stream_mode = "partial" has no effect on ${displayName}, which cannot show an answer while it grows: it is off there`] : []),
      ...(ackReactions && channel.react === undefined ? [`ack_reactions = true in [channels_config.${name}] has no effect: ${displayName} has no reactions`] : []),
    ];
  });
}
