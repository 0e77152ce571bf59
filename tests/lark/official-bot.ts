import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import * as Lark from "@larksuiteoapi/node-sdk";
import type { LarkControl } from "@revka/sandbox";
import { onTestFinished } from "vitest";

/** An event, as the SDK gives it to a program: the fields of its header and of its body in one object. */
export interface OfficialEvent {
  readonly event_id: string;
  readonly event_type: string;
  readonly token: string;
  readonly app_id: string;
  readonly sender: { readonly sender_id: { readonly open_id: string; readonly union_id: string } };
  readonly message: { readonly message_id: string; readonly message_type: string; readonly chat_type: string; readonly content: string };
  readonly operator: { readonly open_id: string };
  readonly action: { readonly value: unknown };
  readonly context: { readonly open_message_id: string };
}

/** The kinds of event that a program here listens for. */
const TYPES = ["im.message.receive_v1", "card.action.trigger"] as const;

/** What a program does with events. */
export interface OfficialProgram {
  readonly dispatcher: Lark.EventDispatcher;
  /** Everything so far. */
  readonly events: readonly OfficialEvent[];
  /** The first event that no call has given yet, as soon as it comes. */
  readonly next: () => Promise<OfficialEvent>;
}

/** How a program answers, and what it knows of its app's console. */
export interface ProgramOptions {
  /** What it returns, or throws. Default: nothing. */
  readonly answer?: (event: OfficialEvent) => unknown;
  readonly encryptKey?: string;
  readonly verificationToken?: string;
}

/** A program on the official client that keeps its connection. */
export interface OfficialBot extends OfficialProgram {
  readonly client: Lark.WSClient;
  readonly reconnected: Promise<void>;
}

const silent = (): void => undefined;
const logger: Lark.Logger = { error: silent, warn: silent, info: silent, debug: silent, trace: silent };

/** Registers handlers for what is sent to a bot. */
export function officialProgram({ answer = () => undefined, encryptKey, verificationToken }: ProgramOptions = {}): OfficialProgram {
  const events: OfficialEvent[] = [];
  const wanted: PromiseWithResolvers<OfficialEvent>[] = [];
  const slot = (index: number): PromiseWithResolvers<OfficialEvent> => (wanted[index] ??= Promise.withResolvers());
  let given = 0;
  const dispatcher = new Lark.EventDispatcher({
    logger,
    ...(encryptKey !== undefined && { encryptKey }),
    ...(verificationToken !== undefined && { verificationToken }),
  });
  const handle = (event: unknown): unknown => {
    const told = event as OfficialEvent;
    slot(events.length).resolve(told);
    events.push(told);
    return answer(told);
  };
  dispatcher.register(Object.fromEntries(TYPES.map((type) => [type, handle])));
  return { dispatcher, events, next: () => slot(given++).promise };
}

/** Starts the official client as it is, but for the domain. Resolves when it is connected; it is gone with the test. */
export async function startOfficialBot({ url, credentials: { appId, appSecret } }: LarkControl, options?: ProgramOptions): Promise<OfficialBot> {
  Lark.defaultHttpInstance.defaults.proxy = false;
  const program = officialProgram(options);
  const ready = Promise.withResolvers<undefined>();
  const reconnected = Promise.withResolvers<undefined>();
  const client = new Lark.WSClient({
    appId, appSecret, domain: url, logger,
    onReady: () => ready.resolve(undefined),
    onError: (error) => ready.reject(error),
    onReconnected: () => reconnected.resolve(undefined),
  });
  onTestFinished(() => client.close());
  await client.start({ eventDispatcher: program.dispatcher });
  await ready.promise;
  return { ...program, client, reconnected: reconnected.promise };
}

/** Starts the official receiver of webhooks; gives its URL. */
export async function startOfficialReceiver({ dispatcher }: OfficialProgram): Promise<string> {
  const receive = Lark.adaptDefault("/lark", dispatcher, { autoChallenge: true });
  const server = createServer((request, response) => void receive(request, response));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/lark`;
}
