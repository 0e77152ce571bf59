import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { TransientError, type Clock } from "@revka/core";
import type { SandboxClient, SandboxPlatform } from "@revka/sandbox";

/** Platforms that deliver to the gateway, and the port for each, by the platform's name. */
export async function reservePorts(platforms: readonly Pick<SandboxPlatform, "name" | "webhook">[]): Promise<ReadonlyMap<string, number>> {
  const ports = new Map<string, number>();
  for (const { name, webhook } of platforms) if (webhook !== undefined) ports.set(name, await freePort());
  return ports;
}

/** A port that nobody has right now; it may be taken again before it is used. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo; // it listens on a port
  server.close();
  await once(server, "close");
  return port;
}

const TRIES = 100;
const PAUSE_MS = 50;

/** Tells the platforms where to deliver, as soon as the gateway listens there. @throws TransientError when it never does. */
export async function announceWebhooks(platforms: readonly SandboxPlatform[], ports: ReadonlyMap<string, number>, { client, clock }: { readonly client: SandboxClient; readonly clock: Clock }): Promise<void> {
  for (const { name, webhook } of platforms) {
    const port = ports.get(name);
    if (webhook === undefined || port === undefined) continue;
    let isVerified = false;
    for (let attempt = 0; attempt < TRIES && !isVerified; attempt += 1) {
      if (attempt > 0) await clock.sleep(PAUSE_MS);
      isVerified = await client.useWebhook(name, `http://127.0.0.1:${port}${webhook.path}`);
    }
    if (!isVerified) throw new TransientError(`The gateway does not listen for ${name} on port ${port}`);
  }
}
