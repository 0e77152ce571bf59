import { inspect } from "node:util";
import { expect, vi } from "vitest";
import type { Accept } from "../contract/channel.ts";
import type { InboundMessage } from "../contract/message.ts";
import type { ContractDescriptor, ContractInbound, ContractSubject } from "./contract-subject.ts";
import { recordingAccept } from "./recording-accept.ts";

/** How long a channel may take to connect. */
const CONNECT_TIMEOUT_MS = 10_000;

/** One demand of the contract: a sentence, and a trial that rejects when the channel does not meet it. */
export interface ContractCheck {
  readonly title: string;
  readonly run: (descriptor: ContractDescriptor) => Promise<void>;
}

/** A subject that listens. */
export interface Listening {
  readonly subject: ContractSubject;
  readonly messages: readonly InboundMessage[];
  /** The next message handed over. */
  readonly next: () => Promise<InboundMessage>;
  /** Aborts `listen` and waits for its end. */
  readonly stop: () => Promise<void>;
}

/** How a subject listens. */
export interface ListenRules {
  /** @default ["*"] */
  readonly allowedUsers?: readonly string[];
  /** What the host answers. Default: all messages are accepted. */
  readonly answer?: Accept;
}

/** Tries a channel while it listens; fails when `listen` ends by itself or a secret is logged. */
export async function whileListening(
  descriptor: ContractDescriptor,
  { allowedUsers = ["*"], answer }: ListenRules,
  trial: (listening: Listening) => Promise<void>,
): Promise<void> {
  await using subject = await descriptor.open({ allowedUsers });
  const { accept, messages, next } = recordingAccept(answer);
  const abort = new AbortController();
  const listening = subject.channel.listen(accept, abort.signal);
  const stop = (): Promise<void> => {
    abort.abort(new DOMException("the trial is over", "AbortError"));
    return listening;
  };
  const endedEarly = listening.then(() => {
    expect(abort.signal.aborted, "listen ended though nobody aborted it").toBe(true);
    return new Promise<never>(() => undefined);
  });
  try {
    await Promise.race([trial({ subject, messages, next, stop }), endedEarly]);
  } finally {
    await stop();
  }
  expectNoSecret(subject, subject.logger.text());
}

/** Tries a channel once it is connected, with what the platform can be made to deliver. */
export async function whileHearing(
  descriptor: ContractDescriptor,
  rules: ListenRules,
  trial: (hearing: Listening & { readonly inbound: ContractInbound }) => Promise<void>,
): Promise<void> {
  await whileListening(descriptor, rules, async (listening) => {
    const { channel, inbound } = listening.subject;
    if (inbound === undefined) throw new TypeError(`${descriptor.name} receives, so its subject needs "inbound"`);
    await vi.waitFor(() => expect(channel.status().state).toBe("connected"), { timeout: CONNECT_TIMEOUT_MS });
    await trial({ ...listening, inbound });
  });
}

/** Tries a channel that nobody listens to; fails when a secret is logged. */
export async function whileOpen(descriptor: ContractDescriptor, trial: (subject: ContractSubject) => Promise<void>): Promise<void> {
  await using subject = await descriptor.open({ allowedUsers: ["*"] });
  await trial(subject);
  expectNoSecret(subject, subject.logger.text());
}

/** Looks for secrets in whatever a channel gave away, errors with their causes included. */
export function expectNoSecret({ secrets }: ContractSubject, given: unknown): void {
  const text = typeof given === "string" ? given : inspect(given, { depth: 10, maxArrayLength: null, maxStringLength: null });
  const leaks = secrets.flatMap((secret, index) => (text.includes(secret) ? [`secret ${index}`] : []));
  expect(leaks, "a secret was given away").toEqual([]);
}
