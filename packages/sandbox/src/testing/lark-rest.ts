import { Hono } from "hono";
import { onTestFinished } from "vitest";
import { DEFAULT_REST_BEHAVIOUR, type RestBehaviour } from "../platforms/lark/rest-behaviour.ts";
import { restGate, restRoutes } from "../platforms/lark/rest-routes.ts";
import { createRestState, type RestState } from "../platforms/lark/rest-state.ts";
import { handClock } from "./open-sandbox.ts";

/** What an app is told. */
export interface RestAnswer {
  readonly status: number;
  readonly code: number;
  readonly msg: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly headers: Headers;
}

/** The platform's REST side alone, without tokens, on a clock that stands still. */
export interface RestPeer {
  readonly state: RestState;
  readonly clock: ReturnType<typeof handClock>;
  /** Sets switches. */
  readonly behave: (switches: Partial<RestBehaviour>) => void;
  /** Calls the API; a path is what follows `/open-apis`. */
  readonly call: (method: string, path: string, body?: unknown) => Promise<RestAnswer>;
  readonly fetch: (method: string, path: string, body?: unknown) => Promise<Response>;
  /** Sends a message into the group; its content is an object. */
  readonly send: (msgType: string, content: unknown, more?: Readonly<Record<string, unknown>>) => Promise<RestAnswer>;
  /** Sends a text into the group and gives its id. */
  readonly sendText: (text?: string) => Promise<string>;
  /** Uploads an image or a file. */
  readonly upload: (kind: "image" | "file", bytes: Uint8Array, fields?: Readonly<Record<string, string>>) => Promise<RestAnswer>;
  /** Lets a user say something in the group. @returns its message id. */
  readonly say: (content?: unknown, msgType?: string) => string;
}

/** Id of the app of a {@link RestPeer}. */
export const APP_ID = "cli_a0b1c2d3e4f50617";
/** Id of its group. */
export const GROUP = "oc_group";
/** The smallest thing that is told to be a PNG. */
export const PNG: Uint8Array = Buffer.from("\x89PNG\r\n\x1a\n", "latin1");

/** Opens a {@link RestPeer} whose bot is in {@link GROUP}. */
export function openRest(): RestPeer {
  const clock = handClock();
  const closing = new AbortController();
  onTestFinished(() => closing.abort());
  let behaviour = DEFAULT_REST_BEHAVIOUR;
  let order = 0;
  const app = { appId: APP_ID, tenantKey: "tk1", botOpenId: "ou_bot", botName: "Revka" };
  const state = createRestState({ now: clock.now, closing: closing.signal, behaviour: () => behaviour, app: () => app, nextOrder: () => ++order });
  state.chats.join(GROUP);
  const routes = new Hono();
  routes.use(restGate(state));
  routes.route("/", restRoutes(state));

  const fetch = async (method: string, path: string, body?: unknown): Promise<Response> =>
    routes.request(`/open-apis${path}`, { method, ...(body === undefined ? {} : { body: body instanceof FormData ? body : JSON.stringify(body) }) });
  const call = async (method: string, path: string, body?: unknown): Promise<RestAnswer> => answerOf(await fetch(method, path, body));
  const send: RestPeer["send"] = (msgType, content, more = {}) =>
    call("POST", "/im/v1/messages?receive_id_type=chat_id", { receive_id: GROUP, msg_type: msgType, content: JSON.stringify(content), ...more });
  return {
    state,
    clock,
    behave: (switches) => {
      behaviour = { ...behaviour, ...switches };
    },
    call,
    fetch,
    send,
    sendText: async (text = "hello") => String((await send("text", { text })).data["message_id"]),
    upload: (kind, bytes, fields = {}) => {
      const form = new FormData();
      const defaults = kind === "image" ? { image_type: "message" } : { file_type: "stream", file_name: "a.bin" };
      for (const [name, value] of Object.entries({ ...defaults, ...fields })) form.set(name, value);
      form.set(kind, new File([Uint8Array.from(bytes)], fields["file_name"] ?? "a.bin"));
      return call("POST", kind === "image" ? "/im/v1/images" : "/im/v1/files", form);
    },
    say: (content = { text: "hi" }, msgType = "text") =>
      state.messages.add({ chatId: GROUP, msgType, content: JSON.stringify(content), sender: { id: "ou_ann", idType: "open_id", senderType: "user" } }).messageId,
  };
}

async function answerOf(response: Response): Promise<RestAnswer> {
  const { code = -1, msg = "", data = {} } = (await response.json()) as Partial<RestAnswer>;
  return { status: response.status, code, msg, data, headers: response.headers };
}

/** A card with these elements. */
export function cardOf(elements: readonly unknown[], config?: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return { schema: "2.0", ...(config === undefined ? {} : { config }), body: { elements } };
}

/** A markdown element. */
export function markdown(content: string, elementId?: string): Record<string, unknown> {
  return { tag: "markdown", content, ...(elementId === undefined ? {} : { element_id: elementId }) };
}
