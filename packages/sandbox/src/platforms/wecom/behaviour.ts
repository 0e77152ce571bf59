import * as v from "valibot";
import { LIMITS } from "./limits.ts";

/** Every switch of the emulated WeCom webhook. */
export interface WecomBehaviour {
  /** Longest text in UTF-8 bytes; default 2048 as documented (the live service was seen to take 5120). */
  readonly textLimitBytes: number;
  /** Accepted messages of one key in any 60 s; default 20. */
  readonly messagesPerMinute: number;
}

/** How a fresh webhook behaves. */
export const DEFAULT_BEHAVIOUR: WecomBehaviour = {
  textLimitBytes: LIMITS.textBytes,
  messagesPerMinute: LIMITS.windowCount,
};

const positive = v.pipe(v.number(), v.integer(), v.minValue(1));

/** Some switches, strictly: an unknown name is refused. */
export const BEHAVIOUR: v.GenericSchema<unknown, Partial<WecomBehaviour>> = v.strictObject({
  textLimitBytes: v.exactOptional(positive),
  messagesPerMinute: v.exactOptional(v.pipe(positive, v.maxValue(10_000))),
});
