// A gateway in a process of its own, so that a test can kill it. Its orders come as JSON in the first argument.
import { createGateway, type GatewayStep, type Settings } from "@revka/gateway";
import { silentLogger } from "@revka/core";
import { DEFINITIONS, type PeerName } from "../house/definitions.ts";

/** What the child is told to do. */
export interface ChildOrders {
  readonly folder: string;
  readonly peer: PeerName;
  /** The channel's sections, as their schema gives them. */
  readonly sections: Readonly<Record<string, unknown>>;
  readonly settings: Settings;
  readonly endAt?: FatalStep;
}

/** When this step happens for the nth time, the process sends itself the signal. */
export interface FatalStep {
  readonly step: GatewayStep;
  readonly nth: number;
  readonly signal: "SIGKILL" | "SIGTERM";
}

const { folder, peer, sections, settings, endAt } = JSON.parse(process.argv[2] ?? "") as ChildOrders;
let seen = 0;

const gateway = await createGateway({
  folder,
  settings,
  logger: silentLogger,
  createChannels: (contextOf) => DEFINITIONS[peer].create(sections, contextOf),
  observer: ({ step }) => {
    if (step !== endAt?.step) return;
    seen += 1;
    if (seen === endAt.nth) process.kill(process.pid, endAt.signal);
  },
});

process.once("SIGTERM", () => {
  void gateway.stop().then(() => process.exit(0));
});
await gateway.start();
