import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { aborted } from "../server/aborted.ts";
import type { Fault, FaultStage } from "./fault.ts";
import type { Strike } from "./faults.ts";
import type { Answer } from "../server/http-message.ts";

/**
 * Lets a fault strike that holds a request up or ends it.
 *
 * @param gone - aborts when the client leaves.
 * @returns whether the request goes on; if not, its connection is to be reset.
 */
export async function obstruct(strike: Strike | undefined, stage: FaultStage, gone: AbortSignal): Promise<boolean> {
  if (strike === undefined || stageOf(strike.fault) !== stage) return true;
  strike.landed();
  if (strike.fault.kind === "reset") return false;
  const end = AbortSignal.any([strike.released, gone]);
  if (strike.fault.kind === "hang") await aborted(end);
  if (strike.fault.kind === "delay") await sleep(strike.fault.ms, undefined, { signal: end }).catch(() => undefined);
  return !gone.aborted;
}

/** The answer that a fault gives in place of the platform's work, if it does. */
export function instead(fault: Fault | undefined): Answer | undefined {
  return fault?.kind === "answer" && stageOf(fault) === "before-work" ? answerOf(fault) : undefined;
}

/** What a fault makes of the platform's answer. */
export function damage(fault: Fault | undefined, answer: Answer): Answer {
  switch (fault?.kind) {
    case "answer":
      return stageOf(fault) === "after-work" ? answerOf(fault) : answer;
    case "truncate":
      return { ...answer, body: answer.body.subarray(0, half(answer)) };
    case "gzip":
      return { ...answer, headers: { ...answer.headers, "content-encoding": "gzip" }, body: gzipSync(answer.body) };
    case "bom":
      return { ...answer, body: Buffer.concat([Buffer.from("\uFEFF"), answer.body]) };
    case "pad":
      return { ...answer, body: Buffer.concat([answer.body, Buffer.alloc(Math.max(0, fault.bytes - answer.body.length), " ")]) };
    default:
      return answer;
  }
}

/** Half of an answer's body, in bytes: what arrives of one that is cut. */
export function half(answer: Answer): number {
  return Math.floor(answer.body.length / 2);
}

function answerOf(fault: Extract<Fault, { kind: "answer" }>): Answer {
  const body = fault.base64 === undefined ? Buffer.from(fault.body ?? "") : Buffer.from(fault.base64, "base64");
  return { status: fault.status ?? 200, headers: fault.headers ?? {}, body };
}

function stageOf(fault: Fault): FaultStage {
  return ("at" in fault ? fault.at : undefined) ?? "before-work";
}
