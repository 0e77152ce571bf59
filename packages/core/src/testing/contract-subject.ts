import type { Channel } from "../contract/channel.ts";
import type { ReplyTarget } from "../contract/message.ts";
import type { RecordingLogger } from "./recording-logger.ts";

/** What a platform may do to a call: refuse the credentials, ask to slow down, or do what it was asked and lose the answer. */
export type ContractFault = "unauthorized" | "rate-limited" | "answer-lost";

/** A channel as the contract sees it, and the platform (e.g. a sandbox) it is tried against. */
export interface ContractDescriptor {
  /** What `channel.name` must be; titles the tests. */
  readonly name: string;
  /** False for a channel that only sends: it is tried as such. */
  readonly receives: boolean;
  /** The platform sends the bot its own words. */
  readonly echoes: boolean;
  /** The faults that end in an error here: leave out those that the channel mends or waits out by itself. */
  readonly faults: readonly ContractFault[];
  /** Two ids that users of this platform may have. */
  readonly userIds: { readonly friend: string; readonly stranger: string };
  /** A platform without history, and a fresh channel on it that nobody listens to yet. Let it wait as little as it can. */
  readonly open: (rules: { readonly allowedUsers: readonly string[] }) => Promise<ContractSubject>;
}

/** One channel on one platform; disposing of it closes both. */
export interface ContractSubject extends AsyncDisposable {
  readonly channel: Channel;
  /** What the channel logs to. */
  readonly logger: RecordingLogger;
  /** Every secret the channel knows, tokens included. */
  readonly secrets: readonly string[];
  /** Where a send may go. */
  readonly target: ReplyTarget;
  readonly platform: ContractPlatform;
  /** Needed where the descriptor `receives`. */
  readonly inbound?: ContractInbound;
}

/** What the contract makes the platform do with what the channel sends. */
export interface ContractPlatform {
  /** The texts that arrived from the channel, as readers see them, in order. */
  readonly sent: () => readonly string[];
  /** From now on every call of the channel meets this. */
  readonly fail: (fault: ContractFault) => void | Promise<void>;
}

/** What the contract makes the platform deliver. */
export interface ContractInbound {
  /** A user writes to the bot; gives the message's id. */
  readonly say: (text: string, userId: string) => Promise<string>;
  /** Delivers a message again, at once, as the platform does when it got no ack, or by mistake. */
  readonly redeliver: (messageId: string) => Promise<void>;
  /** Resolves once the channel let the platform know that it is done with a message, wanted or not. */
  readonly handled: (messageId: string) => Promise<void>;
  readonly isHandled: (messageId: string) => boolean;
  /** Delivers something that cannot be read. */
  readonly garble: () => Promise<void>;
  /** Delivers the bot's own words; needed only where the descriptor `echoes`. */
  readonly echo?: (text: string) => Promise<void>;
  /** Requests and sockets for receiving that the channel holds open. */
  readonly openCount: () => number;
}
