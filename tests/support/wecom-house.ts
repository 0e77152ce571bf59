import { createWecomChannel, type WecomChannel, type WecomConfig } from "@revka/channel-wecom";
import { createContext } from "@revka/core";
import { createManualClock, recordingLogger, type ManualClock, type RecordingLogger } from "@revka/core/testing";
import { startSandbox, type Fault, type FaultHandle, type RecordedExchange, type Sandbox, type WecomControl } from "@revka/sandbox";
import { inspect } from "node:util";
import { expect, onTestFinished } from "vitest";

const SEND = "/cgi-bin/webhook/send";

/** A WeCom channel as a program uses it, and the webhook it posts to. Time stands still for both. */
export interface WecomHouse {
  readonly sandbox: Sandbox;
  readonly wecom: WecomControl;
  readonly channel: WecomChannel;
  readonly clock: ManualClock;
  readonly logger: RecordingLogger;
  /** Sends a text; nobody in particular is addressed. */
  readonly say: (text: string) => Promise<unknown>;
  /** The error that a send of this text ends with. */
  readonly refusalOf: (text: string) => Promise<unknown>;
  /** What the chat shows. */
  readonly texts: () => readonly string[];
  /** Every request that came in, oldest first. */
  readonly calls: () => readonly RecordedExchange[];
  /** Lets the next sends go wrong. */
  readonly spoil: (fault: Fault, times?: number | "always") => FaultHandle;
}

/** Opens both for one test. At its end nothing of the channel has ever shown the key. */
export async function openWecom({ keys, ...config }: Partial<WecomConfig> & { readonly keys?: readonly [string, ...string[]] } = {}): Promise<WecomHouse> {
  const clock = createManualClock();
  const logger = recordingLogger();
  const sandbox = await startSandbox({ now: () => clock.now(), ...(keys && { wecom: { keys } }) });
  onTestFinished(() => sandbox.close());
  const { wecom, record, faults } = sandbox;
  const channel = createWecomChannel({ webhookKey: wecom.key, baseUrl: wecom.url, ...config }, createContext("wecom", { clock, logger, random: () => 0.5 }));
  const say = (text: string): Promise<unknown> => channel.send({ target: { conversationId: "" }, text });
  onTestFinished(() => expectNoKey(wecom.key, logger.text(), channel.status()));
  return {
    sandbox, wecom, channel, clock, logger, say,
    async refusalOf(text) {
      const error = await say(text).then(() => undefined, (reason: unknown) => reason);
      expectNoKey(wecom.key, error);
      return error;
    },
    texts: () => wecom.sent().map((message) => message.text),
    calls: () => record.entries,
    spoil: (fault, times = 1) => faults.add({ path: SEND, times, fault }),
  };
}

/** Looks for the key, and for a query with anything but a mask in its place, in whatever the channel gave away. */
function expectNoKey(key: string, ...given: readonly unknown[]): void {
  const text = given.map((value) => (typeof value === "string" ? value : inspect(value, { depth: 10, maxStringLength: null }))).join("\n");
  expect(text).not.toContain(key);
  expect(text).not.toContain(encodeURIComponent(key));
  expect(text).not.toMatch(/[?&]key=(?!\*\*\*)/);
}
