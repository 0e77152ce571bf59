import { admit } from "../admission/admit.ts";
import type { Accept, Channel } from "../contract/channel.ts";
import { systemClock } from "../contract/clock.ts";
import { createDedup } from "../admission/dedup.ts";
import { AuthError, RateLimitError, UnknownOutcomeError } from "../contract/errors.ts";
import type { InboundMessage, SendReceipt } from "../contract/message.ts";
import { sendInOrder } from "../delivery/send-parts.ts";
import { createStatusRecorder } from "../contract/status.ts";
import type { ContractDescriptor, ContractFault, ContractInbound, ContractPlatform } from "./contract-subject.ts";
import { recordingLogger, type RecordingLogger } from "./recording-logger.ts";

/** One thing that a channel may get wrong. */
export type Defect =
  | "admits everybody"
  | "forgets what it saw"
  | "acks at once"
  | "marks before the host has it"
  | "complains twice"
  | "dies of garbage"
  | "hears itself"
  | "stays connected"
  | "leaves undefined in messages"
  | "logs its token"
  | "shows its token in errors"
  | "calls a refusal transient"
  | "repeats a lost send"
  | "sends after an abort"
  | "cuts too late"
  | "ends listen by itself"
  | "hides a refusal";

const TOKEN = "s3cret-token";
const LIMIT_CHARS = 100;

interface Event {
  readonly id: string;
  readonly text: string;
  readonly userId: string;
}
type Receiver = (event: Event | "garbage") => Promise<boolean>;

/** A platform in memory: it delivers to whoever is connected and remembers what was acked. */
class LoopbackPlatform implements ContractPlatform, ContractInbound {
  readonly texts: string[] = [];
  fault: ContractFault | undefined;
  readonly receivers = new Set<Receiver>();
  readonly #events: Event[] = [];
  readonly #acks = new Map<string, PromiseWithResolvers<undefined>>();
  readonly #acked = new Set<string>();

  sent = (): readonly string[] => this.texts;
  fail = (fault: ContractFault): void => {
    this.fault = fault;
  };
  openCount = (): number => this.receivers.size;
  isHandled = (id: string): boolean => this.#acked.has(id);
  handled = (id: string): Promise<void> => this.#ackOf(id).promise;
  echo = (text: string): Promise<void> => this.say(text, "bot").then(() => undefined);
  say = (text: string, userId: string): Promise<string> => {
    const event = { id: `m-${this.#events.length}`, text, userId };
    this.#events.push(event);
    this.#deliver(event);
    return Promise.resolve(event.id);
  };
  redeliver = (id: string): Promise<void> => {
    const event = this.#events.find((candidate) => candidate.id === id);
    if (event !== undefined) this.#deliver(event);
    return Promise.resolve();
  };
  garble = async (): Promise<void> => {
    for (const receive of this.receivers) await receive("garbage");
  };

  #deliver(event: Event): void {
    for (const receive of this.receivers) {
      void receive(event).then((isAcked) => {
        if (!isAcked) return;
        this.#acked.add(event.id);
        this.#ackOf(event.id).resolve(undefined);
      });
    }
  }
  #ackOf(id: string): PromiseWithResolvers<undefined> {
    const ack = this.#acks.get(id) ?? Promise.withResolvers<undefined>();
    this.#acks.set(id, ack);
    return ack;
  }
}

interface LoopbackOptions {
  readonly platform: LoopbackPlatform;
  readonly logger: RecordingLogger;
  readonly allowedUsers: readonly string[];
  readonly receives: boolean;
  readonly has: (defect: Defect) => boolean;
}

function createReceiver({ logger, allowedUsers, has }: LoopbackOptions, accept: Accept): Receiver {
  const dedup = createDedup({ maxCount: 100, clock: systemClock });
  return async (event) => {
    if (event === "garbage") {
      for (let n = has("complains twice") ? 2 : 1; n > 0; n -= 1) logger.warn({}, "not readable, dropped");
      if (has("dies of garbage")) throw new TypeError("not readable");
      return true;
    }
    const { id, text, userId } = event;
    const envelope = { messageId: id, senderIds: [userId], isOwn: userId === "bot" && !has("hears itself"), isDirect: true, mentionsBot: true };
    const rules = has("admits everybody") ? { allowedUsers: ["*"] } : { allowedUsers };
    if (admit(envelope, rules) !== "admitted") return true;
    const message: InboundMessage = {
      id,
      channel: "loopback",
      conversation: { id: userId, kind: "direct" },
      sender: { id: userId, ...(has("leaves undefined in messages") && { name: undefined as never }) },
      parts: [{ kind: "text", text }],
      mentionsBot: true,
      sentAt: 0,
      receivedAt: 0,
    };
    if (has("marks before the host has it")) dedup.add(id);
    const handOver = (): Promise<string> => accept(message);
    const taking = (has("forgets what it saw") ? handOver() : dedup.once(id, handOver)).then(
      () => true,
      () => false,
    );
    return has("acks at once") ? true : taking;
  };
}

function createLoopbackChannel(options: LoopbackOptions): Channel {
  const { platform, logger, receives, has } = options;
  const status = createStatusRecorder(systemClock);
  const split = (text: string): string[] => text.match(new RegExp(`[^]{1,${has("cuts too late") ? LIMIT_CHARS + 1 : LIMIT_CHARS}}`, "g")) ?? [];

  function refuse(): void {
    const shown = has("shows its token in errors") ? TOKEN : "***";
    if (platform.fault === "unauthorized" && has("calls a refusal transient")) throw new RateLimitError("busy", { retryAfterMs: 1 });
    if (platform.fault === "unauthorized") throw new AuthError("refused", { cause: new TypeError(`Bearer ${shown}`) });
    if (platform.fault === "rate-limited") throw new RateLimitError("slow down", { retryAfterMs: 1_000 });
  }
  function post(text: string): Promise<SendReceipt> {
    refuse();
    logger.debug({ header: has("logs its token") ? `Bearer ${TOKEN}` : "Bearer ***" }, "sending");
    platform.texts.push(text);
    if (platform.fault === "answer-lost" && has("repeats a lost send")) platform.texts.push(text);
    if (platform.fault === "answer-lost") throw new UnknownOutcomeError("answer lost");
    return Promise.resolve({ messageIds: [`s-${platform.texts.length}`] });
  }
  return {
    name: "loopback",
    displayName: "Loopback",
    capabilities: {
      receive: receives ? "socket" : "none",
      text: { limit: LIMIT_CHARS, unit: "chars" },
      markdown: false,
      mediaIn: [],
      mediaOut: [],
      proactive: true,
      idempotentSend: false,
    },
    async listen(accept, signal) {
      if (platform.fault === "unauthorized" && !has("hides a refusal")) status.set("failed", "refused");
      else status.set("connected");
      const receive = createReceiver(options, accept);
      if (receives) platform.receivers.add(receive);
      if (!signal.aborted && !has("ends listen by itself")) await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
      if (!has("stays connected")) platform.receivers.delete(receive);
      status.set("stopped");
    },
    async send({ text }, signal) {
      if (!has("sends after an abort")) signal?.throwIfAborted();
      return sendInOrder(split(text), post);
    },
    split,
    checkHealth: () => Promise.resolve({ ok: platform.fault === undefined, latencyMs: 0 }),
    status: () => status.snapshot(),
  };
}

/** A channel that meets the contract, but for its defects. */
export function describeLoopback({ receives = true, defects = [] }: { receives?: boolean; defects?: readonly Defect[] } = {}): ContractDescriptor {
  return {
    name: "loopback",
    receives,
    echoes: true,
    faults: ["unauthorized", "rate-limited", "answer-lost"],
    userIds: { friend: "u-1", stranger: "u-2" },
    open({ allowedUsers }) {
      const platform = new LoopbackPlatform();
      const logger = recordingLogger();
      const channel = createLoopbackChannel({ platform, logger, allowedUsers, receives, has: (defect) => defects.includes(defect) });
      return Promise.resolve({
        channel,
        logger,
        secrets: [TOKEN],
        target: { conversationId: "u-1" },
        platform,
        ...(receives && { inbound: platform }),
        [Symbol.asyncDispose]: () => Promise.resolve(),
      });
    },
  };
}
