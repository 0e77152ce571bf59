import type { Accept, ChannelContext, StatusRecorder } from "@revka/core";
import type { MochatApi } from "./api.ts";
import type { MochatSettings } from "./config.ts";
import { openCursor } from "./cursor.ts";
import { createOffer } from "./offer.ts";
import { createPoller, type Poll } from "./poller.ts";
import { createTakePage } from "./take-page.ts";

/** What receiving needs. */
export interface ReceiveOptions {
  readonly settings: MochatSettings;
  readonly context: ChannelContext;
  readonly api: MochatApi;
  readonly status: StatusRecorder;
  readonly accept: Accept;
  readonly signal: AbortSignal;
}

/** Polls until the signal aborts, and leaves the cursor saved. */
export async function receive(options: ReceiveOptions): Promise<void> {
  const { settings, context, status, signal } = options;
  const { instance: channel, logger } = context;
  status.set("connecting");
  logger.info({ channel, pollIntervalMs: settings.pollIntervalMs }, "Mochat: starting message poller");
  const cursor = await openCursor(settings.apiUrl, context);
  const takePage = createTakePage({ settings, context, status, cursor, offer: createOffer(options) });
  try {
    await pollForEver(createPoller({ ...options, cursor, takePage }), context, signal);
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    await cursor.close();
    status.set("stopped");
  }
}

/** One poll after another, never two at once. */
async function pollForEver(poll: Poll, { clock }: ChannelContext, signal: AbortSignal): Promise<never> {
  for (;;) {
    signal.throwIfAborted();
    const delayMs = await poll();
    if (delayMs > 0) await clock.sleep(delayMs, signal);
  }
}
