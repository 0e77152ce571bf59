import { readSwitches } from "../../control/switches.ts";
import { BEHAVIOUR, type LarkBehaviour } from "./behaviour.ts";
import { type LarkClick, clickAs, type LarkClicking } from "./click.ts";
import type { LarkContent } from "./content.ts";
import type { LarkCredentials } from "./credentials.ts";
import type { LarkChoice, LarkDelivery } from "./delivery.ts";
import type { LarkEvent } from "./event.ts";
import type { RefusalChoice } from "./forced-refusals.ts";
import type { LarkHandshakeRefusal } from "./handshake.ts";
import { LIMITS } from "./limits.ts";
import { recall } from "./recall.ts";
import type { NewResource } from "./resources.ts";
import { type LarkSaying, sayAs } from "./say.ts";
import type { LarkState } from "./state.ts";
import { tell } from "./tell.ts";
import type { LarkPost } from "./webhook.ts";
import type { LarkTwist } from "./webhook-request.ts";

/** What makes things happen on the emulated Lark, or Feishu. */
export interface LarkSteering {
  /** Accepts these credentials from now on, and no others; what is not given stays. */
  accept(credentials: Partial<LarkCredentials>): void;
  /** Sets switches; those that are not given stay. @throws TypeError when one is unknown or its value impossible. */
  behave(switches: Partial<LarkBehaviour>): void;
  /**
   * Says something as a user (open id), in private or in a group; a string is a text.
   *
   * @returns the message's id, `om_…`.
   * @throws RangeError when it answers a message that is not remembered.
   * @throws TypeError when the user is no `ou_…`, or the group no `oc_…`.
   */
  say(user: string, content: string | LarkContent, saying?: LarkSaying): string;
  /** Clicks on the card of a message. @throws RangeError when no such message is remembered. */
  click(user: string, messageId: string, clicking?: LarkClicking): LarkClick;
  /** Takes a message back, and tells the bot. @throws RangeError when no such message is remembered. */
  recall(messageId: string): LarkDelivery;
  /** Tells the bot of any event. */
  push(event: LarkEvent, choice?: LarkChoice): LarkDelivery;
  /** Tells it once more, by what `say` gave or by the id of the event. @throws RangeError when no such event is remembered. */
  redeliver(id: string, choice?: LarkChoice): LarkDelivery;
  /** Keeps a file or an image of a user, for a content of one's own. @returns its key. */
  store(resource: NewResource): string;
  /** Posts the challenge, and from then on events, to this URL, if it is answered well. @throws TypeError when it is not on this machine. */
  useWebhook(url: string): Promise<LarkPost>;
  /** Posts any text to the webhook, once. @throws RangeError when there is none. */
  post(text: string, twist?: LarkTwist): Promise<LarkPost>;
  /** Refuses the next calls of the API with a code, default once. Refusals add up, in order. @throws RangeError when more than 10,000 would wait. */
  refuse(code: number, times?: number, choice?: RefusalChoice): void;
  /** Answers the next requests for an endpoint with a code, default once. @throws RangeError when more than 10,000 would wait. */
  refuseEndpoint(code: number, times?: number): void;
  /** Refuses the next handshakes, default one. @throws RangeError when more than 10,000 would wait. */
  refuseHandshake(refusal: LarkHandshakeRefusal, times?: number): void;
  /** Makes every access token bad. */
  revokeTokens(): void;
  /** Makes every URL bad that has been given out. */
  expireUrls(): void;
  /** Puts the bot into a group, takes it out again, or ends the group. */
  join(group: string): void;
  leave(group: string): void;
  dissolve(group: string): void;
}

/** Creates {@link LarkSteering} over a state. */
export function createSteering(state: LarkState): LarkSteering {
  const { rest } = state;
  return {
    accept: (credentials) => {
      state.credentials = { ...state.credentials, ...credentials };
    },
    behave: (switches) => {
      state.behaviour = { ...state.behaviour, ...readSwitches(BEHAVIOUR, switches) };
    },
    say: (user, content, saying = {}) => sayAs(state, { ...saying, user, content }),
    click: (user, messageId, clicking = {}) => clickAs(state, { ...clicking, user, messageId }),
    recall: (messageId) => recall(state, messageId),
    push: (event, choice = {}) => tell(state, event, { choice }),
    redeliver: (id, choice) => state.deliveries.resend(id, choice),
    store: (resource) => rest.resources.store(resource),
    useWebhook: (url) => state.webhook.verify(url),
    post: (text, twist) => state.webhook.post(text, { id: "", attempt: 1 }, twist),
    refuse: (code, times, choice) => rest.forced.add(code, times, choice),
    refuseEndpoint: (code, times = 1) => queue(state.discoveryCodes, code, times),
    refuseHandshake: (refusal, times = 1) => queue(state.handshakes, refusal, times),
    revokeTokens: () => state.tokens.revoke(),
    expireUrls: () => state.tickets.clear(),
    join: (group) => void rest.chats.join(group),
    leave: (group) => rest.chats.leave(group),
    dissolve: (group) => rest.chats.dissolve(group),
  };
}

function queue<T>(waiting: T[], refusal: T, times: number): void {
  if (waiting.length + times > LIMITS.keptCount) throw new RangeError(`at most ${LIMITS.keptCount} refusals may wait`);
  waiting.push(...Array.from({ length: times }, () => refusal));
}
