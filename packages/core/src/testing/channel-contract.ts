import { describe, it } from "vitest";
import type { ContractCheck } from "./contract-check.ts";
import { echoChecks, receiveChecks, refusalChecks } from "./contract-receive.ts";
import { faultChecks, sendChecks, sendOnlyChecks } from "./contract-send.ts";
import type { ContractDescriptor } from "./contract-subject.ts";

/** Channels wait for real: a poll, a reconnect. */
const TIMEOUT_MS = 20_000;

/** The demands that this channel must meet. */
export function checksFor({ receives, echoes, faults }: ContractDescriptor): readonly ContractCheck[] {
  const refusal = faults.includes("unauthorized") ? refusalChecks : [];
  const listening = receives ? [...receiveChecks, ...refusal, ...(echoes ? echoChecks : [])] : sendOnlyChecks;
  return [...sendChecks, ...listening, ...faults.map((fault) => faultChecks[fault])];
}

/**
 * Registers the vitest tests that every channel must pass, each on a channel and a platform of its own.
 *
 * What it asks of a channel that only sends, or whose platform has no notion of something, is told by the descriptor;
 * no test is skipped in silence.
 */
export function channelContract(descriptor: ContractDescriptor): void {
  describe(`the channel contract of ${descriptor.name}`, { timeout: TIMEOUT_MS }, () => {
    for (const { title, run } of checksFor(descriptor)) it(title, () => run(descriptor));
  });
}
