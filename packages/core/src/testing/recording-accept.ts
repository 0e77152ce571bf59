import type { Accept } from "../contract/channel.ts";
import type { InboundMessage } from "../contract/message.ts";

/** An `accept` that remembers what it was handed. */
export interface RecordingAccept {
  readonly accept: Accept;
  /** Everything handed over so far, whatever the answer was. */
  readonly messages: readonly InboundMessage[];
  /** The first message that `next` has not given yet, as soon as it comes. */
  readonly next: () => Promise<InboundMessage>;
}

/**
 * An `accept` for tests of a channel.
 *
 * @param answer - decides about a message once it is recorded. Default: all are accepted.
 */
export function recordingAccept(answer: Accept = () => Promise.resolve("accepted")): RecordingAccept {
  const messages: InboundMessage[] = [];
  const wanted: PromiseWithResolvers<InboundMessage>[] = [];
  const slot = (index: number): PromiseWithResolvers<InboundMessage> => (wanted[index] ??= Promise.withResolvers<InboundMessage>());
  let given = 0;
  return {
    messages,
    accept(message, options) {
      slot(messages.length).resolve(message);
      messages.push(message);
      return answer(message, options);
    },
    next: () => slot(given++).promise,
  };
}
