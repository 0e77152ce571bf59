import type { Channel, ChannelContext, ReplyTarget } from "@revka/core";
import type { Fault, PlatformName, Sandbox } from "@revka/sandbox";
import type { SendFaults } from "./peer.ts";

/** A platform that a channel only posts to, as the send suite breaks it. */
export interface SendPeer {
  readonly name: PlatformName;
  readonly create: (sandbox: Sandbox, context: ChannelContext) => Channel;
  readonly target: ReplyTarget;
  /** The texts that were posted, in order, and when (epoch ms). */
  readonly posted: (sandbox: Sandbox) => readonly { readonly text: string; readonly at: number }[];
  readonly sends: SendFaults;
  /** An answer that refuses a text for good, and the code of the error that it ends in. */
  readonly refusalForGood: { readonly fault: Fault; readonly code: string };
  /** Messages that the platform takes within any `windowMs`. */
  readonly rate: { readonly count: number; readonly windowMs: number };
}
