import * as v from "valibot";
import type { Fault, FaultRule } from "./fault.ts";
import type { FrameFault, FrameRule } from "./frame-fault.ts";

/** The longest delay, 10 minutes, and the largest padded body, 64 MiB, that other processes may ask for. */
const MAX_DELAY_MS = 600_000;
const MAX_PAD_BYTES = 64 * 1024 * 1024;
/** The most copies of one frame. */
const MAX_COPIES = 1_000;

const stage = v.exactOptional(v.picklist(["before-body", "before-work", "after-work"]));
const whole = v.pipe(v.number(), v.integer(), v.minValue(0));

const FAULT: v.GenericSchema<unknown, Fault> = v.variant("kind", [
  v.strictObject({ kind: v.literal("reset"), at: stage }),
  v.strictObject({ kind: v.literal("hang"), at: stage }),
  v.strictObject({ kind: v.literal("delay"), ms: v.pipe(whole, v.maxValue(MAX_DELAY_MS)), at: stage }),
  v.strictObject({
    kind: v.literal("answer"),
    at: v.exactOptional(v.picklist(["before-work", "after-work"])),
    status: v.exactOptional(v.pipe(whole, v.minValue(200), v.maxValue(599))),
    headers: v.exactOptional(v.record(v.string(), v.string())),
    body: v.exactOptional(v.string()),
    base64: v.exactOptional(v.pipe(v.string(), v.base64())),
  }),
  v.strictObject({ kind: v.literal("cut") }),
  v.strictObject({ kind: v.literal("truncate") }),
  v.strictObject({ kind: v.literal("gzip") }),
  v.strictObject({ kind: v.literal("bom") }),
  v.strictObject({ kind: v.literal("pad"), bytes: v.pipe(whole, v.maxValue(MAX_PAD_BYTES)) }),
]);

const FRAME_FAULT: v.GenericSchema<unknown, FrameFault> = v.variant("kind", [
  v.strictObject({ kind: v.literal("drop") }),
  v.strictObject({ kind: v.literal("delay"), ms: v.pipe(whole, v.maxValue(MAX_DELAY_MS)) }),
  v.strictObject({ kind: v.literal("hold") }),
  v.strictObject({ kind: v.literal("duplicate"), count: v.exactOptional(v.pipe(whole, v.minValue(2), v.maxValue(MAX_COPIES))) }),
  v.strictObject({ kind: v.literal("reorder") }),
  v.strictObject({ kind: v.literal("truncate") }),
  v.strictObject({ kind: v.literal("replace"), text: v.exactOptional(v.string()), base64: v.exactOptional(v.pipe(v.string(), v.base64())) }),
  v.strictObject({ kind: v.literal("pad"), bytes: v.pipe(whole, v.maxValue(MAX_PAD_BYTES)) }),
  v.strictObject({ kind: v.literal("silence") }),
  v.strictObject({ kind: v.literal("close"), code: v.pipe(whole, v.check(isCloseCode, "must be 1000, 1001, 1003, 1007 to 1014 or 3000 to 4999")), reason: v.exactOptional(v.string()) }),
  v.strictObject({ kind: v.literal("reset") }),
]);

const counting = {
  skip: v.exactOptional(whole),
  times: v.exactOptional(v.union([v.pipe(whole, v.minValue(1)), v.literal("always")])),
};

/** A rule about frames as other processes send it. */
export const FRAME_RULE: v.GenericSchema<unknown, FrameRule> = v.strictObject({
  platform: v.exactOptional(v.string()),
  direction: v.exactOptional(v.picklist(["out", "in"])),
  frame: v.exactOptional(v.string()),
  connection: v.exactOptional(whole),
  ...counting,
  fault: FRAME_FAULT,
});

/** A rule about requests as other processes send it. */
export const FAULT_RULE: v.GenericSchema<unknown, FaultRule> = v.strictObject({
  platform: v.exactOptional(v.string()),
  method: v.exactOptional(v.string()),
  path: v.exactOptional(v.string()),
  ...counting,
  fault: FAULT,
});

/** Whether an endpoint may send this close code (RFC 6455, 7.4). */
function isCloseCode(code: number): boolean {
  return (code >= 1000 && code <= 1014 && ![1002, 1004, 1005, 1006].includes(code)) || (code >= 3000 && code <= 4999);
}
