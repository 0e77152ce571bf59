import { replyTo, type Channel, type Clock, type InboundMessage, type Logger } from "@revka/core";
import { cutText } from "../cut-text.ts";
import { describeError } from "../describe-error.ts";
import { noticeText, type Notice } from "../notices.ts";
import { createRateWindow } from "../rate-window.ts";

/** One notice for one user. */
export interface NoticeRequest {
  readonly channel: Channel;
  readonly message: InboundMessage;
  readonly notice: Notice;
  /** Shown instead of the notice's own words; cut to 500 characters. */
  readonly text?: string;
  /** What the user can quote to the operator. */
  readonly ref?: string;
  /** At most one notice a minute goes out under the same key. */
  readonly throttleKey?: string;
}

/** Tells users what went wrong: once, best effort, never retried. */
export interface Notifier {
  /** Resolves when the notice is sent or given up; never rejects. */
  tell(request: NoticeRequest): Promise<void>;
}

const LIMITS = { perMinute: 1, windowMs: 60_000, atOnce: 64, textChars: 500 } as const;

/** What notices are sent with. */
export interface NotifierOptions {
  /** `error_replies`, as it holds now: false sends none. */
  readonly isEnabled: () => boolean;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Hides secrets in what an error says. */
  readonly redact: (text: string) => string;
  readonly signal: AbortSignal;
}

/** A notifier that has at most 64 notices under way. */
export function createNotifier({ isEnabled, clock, logger, redact, signal }: NotifierOptions): Notifier {
  const window = createRateWindow({ windowMs: LIMITS.windowMs, clock });
  let underWay = 0;
  return {
    async tell({ channel, message, notice, text, ref, throttleKey }) {
      if (!isEnabled() || underWay >= LIMITS.atOnce) return;
      if (throttleKey !== undefined && !window.take(throttleKey, LIMITS.perMinute)) return;
      underWay += 1;
      try {
        const words = text === undefined ? noticeText(notice, message.locale, ref) : cutText(text, LIMITS.textChars);
        await channel.send({ target: replyTo(message), text: words, format: "text" }, signal);
      } catch (error) {
        logger.debug({ channel: channel.name, message_id: message.id, notice, error: describeError(error, { redact }) }, "A notice could not be sent");
      } finally {
        underWay -= 1;
      }
    },
  };
}
