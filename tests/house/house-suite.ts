import { describe } from "vitest";
import { agentSuite } from "./agent-suite.ts";
import { deliverySuite } from "./delivery-suite.ts";
import { floodSuite } from "./flood-suite.ts";
import { orderSuite } from "./order-suite.ts";
import { outageSuite } from "./outage-suite.ts";
import type { HousePeer } from "./peer.ts";
import { refusalSuite } from "./refusal-suite.ts";

/** Far more than a test takes: what is lost, a test waits for until then. */
const TIMEOUT_MS = 20_000;

/**
 * Registers the tests that every receiving channel must pass through the whole gateway: nothing is lost, nothing shows
 * twice, nothing overtakes, and the gateway lives on. Crashes have a suite of their own.
 */
export function houseSuite(peer: HousePeer): void {
  describe(`the house with ${peer.name}`, { timeout: TIMEOUT_MS }, () => {
    deliverySuite(peer);
    outageSuite(peer);
    refusalSuite(peer);
    orderSuite(peer);
    floodSuite(peer);
    agentSuite(peer);
  });
}
