import { admit, backoffDelay, createContext, createDedup, createStatusRecorder, isChannelError, sendInOrder, splitText } from "@revka/core";
import type { Accept, Channel, ChannelContext } from "@revka/core";
import { createPigeonApi } from "./api.ts";
import { isPigeonEvent, toMessage, type PigeonEvent } from "./inbound.ts";

/** One Pigeon server: where it is, and who may write through it. */
export interface PigeonConfig {
  readonly url: string;
  /** A secret. */
  readonly token: string;
  /** @default [] nobody */
  readonly allowedUsers?: readonly string[];
  /** @default 1_000 */
  readonly pollIntervalMs?: number;
}

const TEXT_LIMIT = { limit: 500, unit: "chars" } as const;
const BACKOFF = { baseMs: 1_000, maxMs: 60_000 } as const;
const REMEMBERED_COUNT = 1_000;

/** Asks a Pigeon server for messages, and says what it is told to. */
export function createPigeonChannel(config: PigeonConfig, context: ChannelContext = createContext("pigeon")): Channel {
  const { allowedUsers = [], pollIntervalMs = 1_000 } = config;
  const { instance: channel, clock, logger, random, onDenied } = context;
  const api = createPigeonApi(config, context);
  const status = createStatusRecorder(clock);
  const seen = createDedup({ maxCount: REMEMBERED_COUNT, clock });

  async function take(event: PigeonEvent, accept: Accept, signal: AbortSignal): Promise<void> {
    const envelope = { messageId: event.id, senderIds: [event.user], isOwn: false, isDirect: true, mentionsBot: true };
    if (admit(envelope, { allowedUsers }) === "admitted") {
      status.inbound();
      await seen.once(event.id, () => accept(toMessage(event, channel, clock.now())));
    } else {
      onDenied({ ids: [event.user] });
      logger.debug({ channel, messageId: event.id }, `Pigeon: ignoring message from unauthorized user: ${event.user}`);
    }
    await api.acknowledge(event.id, signal); // not before: what the host could not keep comes again
  }

  async function poll(accept: Accept, signal: AbortSignal): Promise<void> {
    const events = await api.events(signal);
    status.frame();
    status.set("connected");
    for (const event of events) {
      if (!isPigeonEvent(event)) logger.warn({ channel }, "Pigeon: ignoring an event that cannot be read");
      else await take(event, accept, signal);
    }
  }

  /** Polls until it is aborted; what passes is waited out, refused credentials end it. */
  async function pollOnAndOn(accept: Accept, signal: AbortSignal): Promise<never> {
    for (let failures = 0; ; ) {
      signal.throwIfAborted();
      try {
        await poll(accept, signal);
        failures = 0;
      } catch (error) {
        if (signal.aborted || !isChannelError(error) || error.code === "auth") throw error;
        failures += 1;
        status.set("backoff", error.message);
        logger.warn({ channel, attempt: failures }, error.message);
      }
      await clock.sleep(failures === 0 ? pollIntervalMs : backoffDelay(failures, BACKOFF, random), signal);
    }
  }

  return {
    name: channel,
    displayName: "Pigeon",
    capabilities: { receive: "poll", text: TEXT_LIMIT, markdown: false, mediaIn: [], mediaOut: [], proactive: true, idempotentSend: false },
    async listen(accept, signal) {
      status.set("connecting");
      try {
        await pollOnAndOn(accept, signal);
      } catch (error) {
        if (!signal.aborted) {
          status.set("failed", error instanceof Error ? error.message : String(error));
          throw error;
        }
        status.set("stopped");
      }
    },
    send: ({ target, text }, signal) => sendInOrder(splitText(text, TEXT_LIMIT), (part) => api.say(target.conversationId, part, signal)),
    split: (text) => splitText(text, TEXT_LIMIT),
    checkHealth: (signal) => api.checkHealth(signal),
    status: () => status.snapshot(),
  };
}
