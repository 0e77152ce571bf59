import * as v from "valibot";
import type { Fault, FaultRule } from "./fault.ts";

/** The longest delay, 10 minutes, and the largest padded body, 64 MiB, that other processes may ask for. */
const MAX_DELAY_MS = 600_000;
const MAX_PAD_BYTES = 64 * 1024 * 1024;

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

/** A fault rule as other processes send it. */
export const FAULT_RULE: v.GenericSchema<unknown, FaultRule> = v.strictObject({
  platform: v.exactOptional(v.string()),
  method: v.exactOptional(v.string()),
  path: v.exactOptional(v.string()),
  skip: v.exactOptional(whole),
  times: v.exactOptional(v.union([v.pipe(whole, v.minValue(1)), v.literal("always")])),
  fault: FAULT,
});
