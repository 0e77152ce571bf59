import * as v from "valibot";
import type { LarkChoice } from "./delivery.ts";

const whole = v.pipe(v.number(), v.integer(), v.minValue(0));
const twofold = v.exactOptional(v.picklist(["new", "same"]));

/** A {@link LarkChoice} as other processes send it. */
export const CHOICE: v.GenericSchema<unknown, LarkChoice> = v.strictObject({
  connection: v.exactOptional(whole),
  transportId: twofold,
  eventId: twofold,
  frame: v.exactOptional(v.string()),
  fragments: v.exactOptional(v.pipe(whole, v.minValue(1), v.maxValue(1_000))),
  fragmentOrder: v.exactOptional(v.array(whole)),
});
