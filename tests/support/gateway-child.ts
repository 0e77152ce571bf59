// A gateway in a process of its own, so that a test can kill it. Its orders come as JSON in the first argument.
import { createGateway, type GatewayStep, type Settings } from "@revka/gateway";
import { createMochatChannel } from "@revka/channel-mochat";
import { silentLogger } from "@revka/core";

/** What the child is told to do. */
export interface ChildOrders {
  readonly folder: string;
  readonly apiUrl: string;
  readonly apiToken: string;
  readonly settings: Settings;
  /** Kills itself, as `kill -9` does, when this step happens for the nth time. */
  readonly killAt?: { readonly step: GatewayStep; readonly nth: number };
}

const orders = JSON.parse(process.argv[2] ?? "") as ChildOrders;
let seen = 0;

const gateway = await createGateway({
  folder: orders.folder,
  settings: orders.settings,
  logger: silentLogger,
  createChannels: (contextOf) =>
    Promise.resolve({
      channels: [createMochatChannel({ apiUrl: orders.apiUrl, apiToken: orders.apiToken, allowedUsers: ["*"], pollIntervalMs: 100 }, contextOf("mochat"))],
      warnings: [],
    }),
  observer: ({ step }) => {
    if (step !== orders.killAt?.step) return;
    seen += 1;
    if (seen === orders.killAt.nth) process.kill(process.pid, "SIGKILL");
  },
});

process.once("SIGTERM", () => {
  void gateway.stop().then(() => process.exit(0));
});
await gateway.start();
process.send?.("started");
