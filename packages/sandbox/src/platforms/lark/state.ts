import { createLog, type Log } from "../../record/log.ts";
import type { PlatformContext } from "../platform.ts";
import type { LarkAck } from "./acks.ts";
import { DEFAULT_BEHAVIOUR, type LarkBehaviour } from "./behaviour.ts";
import type { LarkConnection, LarkPing, LiveConnection } from "./connections.ts";
import type { LarkCredentials } from "./credentials.ts";
import { createDeliveries, type Deliveries } from "./deliveries.ts";
import type { LarkHandshakeRefusal } from "./handshake.ts";
import { LIMITS } from "./limits.ts";
import { createRestState, type RestState } from "./rest-state.ts";
import { createTickets, type Tickets } from "./tickets.ts";
import { createTokens, type Tokens } from "./tokens.ts";
import { createWebhook, type Webhook } from "./webhook.ts";

/** What the emulated Lark remembers. */
export interface LarkState {
  behaviour: LarkBehaviour;
  credentials: LarkCredentials;
  readonly tenantKey: string;
  readonly now: () => number;
  readonly nextOrder: () => number;
  /** Chats, messages and all that the app calls. */
  readonly rest: RestState;
  readonly tokens: Tokens;
  readonly tickets: Tickets;
  readonly webhook: Webhook;
  readonly deliveries: Deliveries;
  /** Those that are open, by id. */
  readonly connections: Map<number, LiveConnection>;
  /** All that ever were. */
  readonly connectionLog: Log<LarkConnection>;
  readonly acks: Log<LarkAck>;
  readonly pings: Log<LarkPing>;
  /** What the next requests for an endpoint, and the next handshakes, are refused with. */
  readonly discoveryCodes: number[];
  readonly handshakes: LarkHandshakeRefusal[];
  reset(): void;
}

/** Creates the state of a fresh platform with one app. */
export function createLarkState({ now, agenda, closing }: PlatformContext, credentials: LarkCredentials, bot: { readonly openId: string; readonly name: string }): LarkState {
  const behaviour = (): LarkBehaviour => state.behaviour;
  const connections = new Map<number, LiveConnection>();
  const log = <T extends object>(): Log<T> => createLog<T>(LIMITS.keptCount, closing);
  const tenantKey = "sandbox-tenant";
  let order = 0;
  const nextOrder = (): number => ++order;
  const webhook = createWebhook({ now, agenda, closing, behaviour, credentials: () => state.credentials, nextOrder });
  const state: LarkState = {
    behaviour: DEFAULT_BEHAVIOUR,
    credentials,
    tenantKey,
    now,
    nextOrder,
    rest: createRestState({ now, closing, behaviour, nextOrder, app: () => ({ appId: state.credentials.appId, tenantKey, botOpenId: bot.openId, botName: bot.name }) }),
    tokens: createTokens(now, behaviour),
    tickets: createTickets(now, behaviour),
    webhook,
    deliveries: createDeliveries({ now, agenda, closing, behaviour, nextOrder, connections, webhook }),
    connections,
    connectionLog: log(),
    acks: log(),
    pings: log(),
    discoveryCodes: [],
    handshakes: [],
    reset: () => {
      state.behaviour = DEFAULT_BEHAVIOUR;
      state.credentials = credentials;
      state.discoveryCodes.length = state.handshakes.length = 0;
      state.tokens.revoke();
      for (const part of [state.rest, state.tickets, state.webhook, state.deliveries, state.acks, state.pings]) part.clear();
    },
  };
  return state;
}
