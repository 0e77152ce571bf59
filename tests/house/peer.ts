import type { Fault, Sandbox } from "@revka/sandbox";
import type { PeerName } from "./definitions.ts";

/**
 * A receiving channel's platform, as the house suite drives and breaks it.
 *
 * A channel joins the suite by such a descriptor, a line in `definitions.ts`, and one each in the two tests that list the peers.
 */
export interface HousePeer {
  readonly name: PeerName;
  /** The platform shows a repeated send once, so that even a crash between a send and its receipt shows nothing twice. */
  readonly dropsRepeats: boolean;
  /** What is said while nobody is connected comes later by itself; else only when it is delivered again. */
  readonly keepsForAbsent: boolean;
  /** The platform in this sandbox. */
  readonly platformIn: (sandbox: Sandbox) => HousePlatform;
  readonly sends: SendFaults;
  readonly outages: readonly Outage[];
  readonly malformed: readonly Malformed[];
}

/** What the suite does at a platform. Every user has a direct conversation with the bot. */
export interface HousePlatform {
  /**
   * The channel's sections as their schema gives them, open to everybody: plain JSON, for they go to other processes.
   * @param pollIntervalMs - how often a channel asks that has to ask.
   */
  readonly sections: (pollIntervalMs: number) => Readonly<Record<string, unknown>>;
  readonly secrets: readonly string[];
  /** Resolves once a channel is connected from now on. */
  readonly connected: () => Promise<unknown>;
  /** A user writes to the bot; gives the message's id. */
  readonly say: (userId: string, text: string) => string | Promise<string>;
  /** Delivers a message again, at once; others may come with it. */
  readonly redeliver: (said: Said) => void | Promise<void>;
  /** What was posted, by user, in order. */
  readonly answers: () => ReadonlyMap<string, readonly string[]>;
  /** The next text posted to this user that no call has given yet. */
  readonly nextAnswer: (userId: string) => Promise<string>;
  /** From now on what no channel acknowledges comes again several times a second, in any order, until one does. */
  readonly insist: () => void;
  /** From now on a repeated send shows twice, unless the channel counts on its showing once. */
  readonly showRepeats: () => void;
}

/** A message as a user wrote it. */
export interface Said {
  readonly id: string;
  readonly userId: string;
  readonly text: string;
}

/** Something that ends the connection, or comes instead of one, until it is over. */
export interface Outage {
  /** After "while the platform": `"is down"`. */
  readonly title: string;
  readonly begin: (sandbox: Sandbox) => Outbreak | Promise<Outbreak>;
}

/** An outage that has begun. */
export interface Outbreak {
  /** Resolves when the channel has met it. */
  readonly met: Promise<unknown>;
  /** Does nothing where the channel itself has to end it. */
  readonly end: () => void | Promise<void>;
}

/** Something that cannot be read. */
export interface Malformed {
  /** After "goes on after": `"an HTML page"`. */
  readonly title: string;
  /** Resolves when the channel was given it. */
  readonly deliver: (sandbox: Sandbox) => void | Promise<void>;
}

/** How sends go wrong at a platform. */
export interface SendFaults {
  /** Below the platform's prefix; one `*` at the end stands for any rest. */
  readonly path: string;
  /** Answers that take nothing for now. */
  readonly refusals: readonly Refusal[];
}

/** One way to refuse a send for now. */
export interface Refusal {
  /** After "the platform": `"is busy"`. */
  readonly title: string;
  readonly fault: Fault;
  /** How long it asks to wait. */
  readonly retryAfterMs?: number;
}

/** The platform has done its work, and nobody hears of it. */
export const LOST_ANSWER: Fault = { kind: "reset", at: "after-work" };
