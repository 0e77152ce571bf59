import { realpathSync } from "node:fs";
import { findPackageJSON } from "node:module";
import { pathToFileURL } from "node:url";
import type { DingtalkControl } from "@revka/sandbox";
import { DWClient, TOPIC_ROBOT, type DWClientDownStream, type RobotMessage } from "dingtalk-stream";
import { onTestFinished, vi } from "vitest";

/** A robot message, as the SDK gives it to a program. */
export interface OfficialDelivery {
  /** Of this delivery: what an ack has to name. */
  readonly messageId: string;
  readonly message: RobotMessage;
}

/** A program on the official SDK. */
export interface OfficialBot {
  readonly client: DWClient;
  /** Everything delivered so far. */
  readonly deliveries: readonly OfficialDelivery[];
  /** The first delivery that no call has given yet, as soon as it comes. */
  readonly next: () => Promise<OfficialDelivery>;
}

/** What the SDK's client is made with. */
export interface OfficialOptions extends Pick<DingtalkControl, "url" | "clientId" | "clientSecret"> {
  readonly keepAlive?: boolean;
}

/** What decides where the SDK's requests go: the part of axios that this file needs. */
interface HttpLibrary {
  readonly interceptors: {
    readonly request: {
      use(rewrite: (request: { url: string }) => { url: string }): number;
      eject(id: number): void;
    };
  };
}

/**
 * Starts the official client as it is; only what it asks of DingTalk's hosts goes to `url`. Resolves when its first try
 * to connect is over, one way or the other. It is gone with the test.
 */
export async function startOfficialBot({ url, clientId, clientSecret, keepAlive = false }: OfficialOptions): Promise<OfficialBot> {
  for (const level of ["info", "warn"] as const) vi.spyOn(console, level).mockReturnValue();
  const { request } = (await httpLibraryOfSdk()).interceptors;
  const rewrite = request.use((asked) => ({ ...asked, url: asked.url.replace(/^https:\/\/o?api\.dingtalk\.com/, url) }));
  const client = new DWClient({ clientId, clientSecret, keepAlive });
  onTestFinished(() => {
    client.disconnect();
    request.eject(rewrite);
    vi.restoreAllMocks();
  });
  const inbox = listenOn(client);
  await client.connect();
  return { client, ...inbox };
}

function listenOn(client: DWClient): Omit<OfficialBot, "client"> {
  const deliveries: OfficialDelivery[] = [];
  const wanted: PromiseWithResolvers<OfficialDelivery>[] = [];
  const slot = (index: number): PromiseWithResolvers<OfficialDelivery> => (wanted[index] ??= Promise.withResolvers());
  let given = 0;
  client.registerCallbackListener(TOPIC_ROBOT, ({ headers: { messageId }, data }: DWClientDownStream) => {
    const delivery = { messageId, message: JSON.parse(data) as RobotMessage };
    slot(deliveries.length).resolve(delivery);
    deliveries.push(delivery);
  });
  return { deliveries, next: () => slot(given++).promise };
}

/** The very copy that the SDK uses. */
async function httpLibraryOfSdk(): Promise<HttpLibrary> {
  const sdk = realpathSync(findPackageJSON("dingtalk-stream", import.meta.url) ?? "");
  const library = findPackageJSON("axios", sdk) ?? "";
  const module = (await import(new URL("index.js", pathToFileURL(library)).href)) as { readonly default: HttpLibrary };
  return module.default;
}
