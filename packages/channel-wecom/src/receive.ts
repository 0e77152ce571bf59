import type { ChannelContext, StatusRecorder } from "@revka/core";

/** What receiving needs. */
export interface ReceiveOptions {
  readonly context: ChannelContext;
  readonly status: StatusRecorder;
  readonly signal: AbortSignal;
}

/** Waits for the abort: a webhook sends only, so nothing arrives and nothing is open. */
export async function receive({ context, status, signal }: ReceiveOptions): Promise<void> {
  status.set("idle");
  context.logger.info({ channel: context.instance }, "WeCom: channel ready (send-only via Bot Webhook)");
  await aborted(signal);
  status.set("stopped");
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
