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

/** The settings that treatments come from. */
export type TreatmentSettings = Pick<Settings, "dispatch" | "channels">;

/** The treatments of all channels. */
export interface Treatments {
  readonly of: TreatmentOf;
  /** Takes what the settings say from now on. */
  readonly replace: (settings: TreatmentSettings) => void;
}

/** What each channel's section says, and `[channels_config]` where it says nothing. */
export function createTreatments(first: TreatmentSettings, contextOf: (service: string) => ChannelContext): Treatments {
  const read = ({ dispatch, channels }: TreatmentSettings): TreatmentOf => {
    const { ackReactions, streamMode, draftUpdateIntervalMs } = dispatch;
    const treatments = new Map(
      Object.entries(channels).map(([name, { transcription, ...presence }]) => {
        const own: Treatment = { ackReactions, streamMode, draftUpdateIntervalMs, ...presence };
        return [name, transcription === undefined ? own : { ...own, transcriber: createWhisper(transcription, contextOf) }];
      }),
    );
    return (channel) => treatments.get(channel) ?? dispatch;
  };
  let treatmentOf = read(first);
  return {
    of: (channel) => treatmentOf(channel),
    replace(next) {
      treatmentOf = read(next);
    },
  };
}

/** What the settings ask of channels that cannot do it, as sentences for the operator. */
export function unusedSettings(channels: readonly Channel[], { dispatch, channels: own }: TreatmentSettings): string[] {
  return channels.flatMap((channel) => {
    const { name, displayName } = channel;
    const { streamMode = dispatch.streamMode, ackReactions = false } = own[name] ?? {};
    return [
      ...(streamMode === "partial" && channel.openDraft === undefined ? [`stream_mode = "partial" has no effect on ${displayName}, which cannot show an answer while it grows: it is off there`] : []),
      ...(ackReactions && channel.react === undefined ? [`ack_reactions = true in [channels_config.${name}] has no effect: ${displayName} has no reactions`] : []),
    ];
  });
}
