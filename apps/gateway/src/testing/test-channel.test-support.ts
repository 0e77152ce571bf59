import { createStatusRecorder, type Accept, type AcceptOptions, type AcceptResult, type Capabilities, type Channel, type Clock, type InboundMessage, type OutboundMessage, type StatusRecorder } from "@revka/core";

/** A channel without a platform: the test speaks as its users and sees what is posted. */
export interface TestChannel extends Channel {
  readonly statusRecorder: StatusRecorder;
  /** Replaceable, to break it. */
  split: (text: string) => readonly string[];
  /** What was posted, in order; refused sends are not in it. */
  readonly sent: readonly OutboundMessage[];
  /** What was tried, refused sends included. */
  readonly tried: readonly OutboundMessage[];
  /** A user says something; `over` replaces what matters to the test. */
  say(text: string, over?: MessageOverrides, options?: AcceptOptions): Promise<AcceptResult>;
  /** The next sends fail with these, in order; undefined lets one through. */
  failSends(...errors: readonly (Error | undefined)[]): void;
  /** Holds sends until the given promise resolves. */
  holdSends(until: Promise<unknown>): void;
  /** Makes `listen` end: with an error, or without one. */
  drop(error?: Error): void;
  /** How often `listen` was called. */
  readonly listens: number;
  readonly isListening: boolean;
}

/** What a test says about a message. */
export interface MessageOverrides extends Partial<InboundMessage> {
  readonly conversationId?: string;
  readonly kind?: "direct" | "group";
  readonly senderId?: string;
}

/** How the channel differs from a plain one with room for 100 characters. */
export interface TestChannelOptions {
  readonly name?: string;
  readonly clock: Clock;
  readonly capabilities?: Partial<Capabilities>;
  /** What it can do besides. */
  readonly methods?: Partial<Pick<Channel, "download" | "expand" | "react" | "startTyping" | "openDraft">>;
}

/** A message as the test channel hands it over. */
export function createMessage(text: string, { conversationId = "c1", kind = "direct", senderId = "u1", ...over }: MessageOverrides, clock: Clock): InboundMessage {
  return {
    id: text,
    channel: "test",
    conversation: { id: conversationId, kind },
    sender: { id: senderId },
    parts: [{ kind: "text", text }],
    mentionsBot: true,
    sentAt: clock.now(),
    receivedAt: clock.now(),
    ...over,
  };
}

/** A test channel; its texts are split at blank lines. */
export function createTestChannel({ name = "test", clock, capabilities, methods }: TestChannelOptions): TestChannel {
  const statusRecorder = createStatusRecorder(clock);
  const sent: OutboundMessage[] = [];
  const tried: OutboundMessage[] = [];
  const failures: (Error | undefined)[] = [];
  let gate: Promise<unknown> | undefined;
  let accept: Accept | undefined;
  let end: PromiseWithResolvers<undefined> = Promise.withResolvers();
  let [listens, isListening] = [0, false];
  return {
    ...methods,
    name,
    displayName: name,
    capabilities: { receive: "socket", text: { limit: 100, unit: "chars" }, markdown: true, mediaIn: [], mediaOut: [], proactive: true, idempotentSend: false, ...capabilities },
    statusRecorder,
    sent,
    tried,
    get listens() {
      return listens;
    },
    get isListening() {
      return isListening;
    },
    async listen(given, signal) {
      listens += 1;
      accept = given;
      end = Promise.withResolvers();
      const finish = (): void => end.resolve(undefined);
      signal.addEventListener("abort", finish, { once: true });
      isListening = true;
      await end.promise.finally(() => {
        isListening = false;
        signal.removeEventListener("abort", finish);
      });
    },
    async send(message, signal) {
      tried.push(message);
      if (gate !== undefined) await unlessAborted(gate, signal);
      const failure = failures.shift();
      if (failure !== undefined) throw failure;
      sent.push(message);
      return { messageIds: [`m${sent.length}`] };
    },
    split: (text) => text.split("\n\n").filter((piece) => piece.trim() !== ""),
    checkHealth: () => Promise.resolve({ ok: true, latencyMs: 0 }),
    status: () => statusRecorder.snapshot(),
    say(text, over = {}, options = {}) {
      if (accept === undefined) throw new TypeError("The test channel does not listen yet");
      return accept(createMessage(text, { channel: name, ...over }, clock), options);
    },
    failSends: (...errors) => void failures.push(...errors),
    holdSends(until) {
      gate = until;
    },
    drop(error) {
      if (error === undefined) end.resolve(undefined);
      else end.reject(error);
    },
  };
}

function unlessAborted(gate: Promise<unknown>, signal: AbortSignal | undefined): Promise<unknown> {
  const aborted = new Promise((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason as Error), { once: true }));
  return Promise.race([gate, aborted]);
}
