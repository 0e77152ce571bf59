import type { MediaBytes } from "@revka/core";

/** Makes text of speech. */
export interface Transcriber {
  /** The largest message it takes. */
  readonly maxBytes: number;
  /** The longest message it takes. */
  readonly maxDurationMs: number;
  /**
   * What was said; never blank.
   * @throws ChannelError when the provider says no, or hears nothing; TypeError for a format that none takes.
   */
  transcribe(audio: MediaBytes, signal: AbortSignal): Promise<string>;
}
