import * as v from "valibot";
import { SandboxError } from "./errors.ts";
import type { FaultRule } from "./faults/fault.ts";
import type { FrameRule } from "./faults/frame-fault.ts";
import type { PlatformSettings, Speaker, WebhookExample } from "./platforms/platform.ts";

/** What a sandbox says about one of its platforms. */
export interface SandboxPlatform {
  readonly name: string;
  readonly url: string;
  readonly settings: PlatformSettings;
  /** Examples of who speaks to a bot, and where; empty where nobody can. */
  readonly scenes: readonly Speaker[];
  /** A small picture, for {@link SandboxClient.say}; absent where users send none. */
  readonly picture?: SandboxContent;
  /** A message of a bot may grow there while people watch. */
  readonly grows?: true;
  /** How to receive by a webhook, where that is how the platform shows itself. */
  readonly webhook?: WebhookExample;
}

/** What a user sends that is no plain text, as the platform's own control API takes it. */
export interface SandboxContent {
  readonly content: unknown;
}

/** What a sandbox says about itself. */
export interface SandboxInfo {
  readonly url: string;
  readonly platforms: readonly SandboxPlatform[];
}

/** A message from the bot to a user or into a group. */
export interface SandboxReply {
  readonly seq: number;
  /** Whom it went to; empty in a group. */
  readonly user: string;
  /** The group that it went to. */
  readonly group?: string;
  /** Empty where there is nothing but a file. */
  readonly text: string;
  /** How often it changed while it grew, where the platform lets messages grow. */
  readonly updates?: number;
  /** The file that came with it, where the platform keeps files beside words. */
  readonly media?: { readonly size: number };
  /** Epoch ms. */
  readonly at: number;
}

/** A message in a group bot's chat. */
export interface SandboxPost {
  readonly seq: number;
  readonly key: string;
  readonly msgtype: string;
  readonly text: string;
  /** Epoch ms. */
  readonly at: number;
}

/** Which entries of a list are wanted. */
export interface SandboxPage {
  /** Only entries after this number; default 0, all of them. */
  readonly after?: number;
  /** How long to wait for the first one, up to 60,000; default 0. */
  readonly waitMs?: number;
  readonly signal?: AbortSignal;
}

/** A sandbox in another process. Every method throws {@link SandboxError} when it is not there or says no. */
export interface SandboxClient {
  info(signal?: AbortSignal): Promise<SandboxInfo>;
  /** Writes a message as a user, in private or in a group. @returns its id, empty when it has none. */
  say(platform: string, speaker: string | Speaker, what: string | SandboxContent): Promise<string>;
  /** Lets the platform verify the bot's webhook, and deliver there from now on; false when the challenge was not answered. */
  useWebhook(platform: string, url: string): Promise<boolean>;
  /** The bot's messages to one user, into one group or, without both, all of them; `cursor` is the next call's `after`. */
  replies(platform: string, page?: SandboxPage & { readonly user?: string; readonly group?: string }): Promise<{ readonly replies: readonly SandboxReply[]; readonly cursor: number }>;
  /** What group bots posted, or the one with this key. */
  messages(platform: string, page?: SandboxPage & { readonly key?: string }): Promise<{ readonly messages: readonly SandboxPost[]; readonly cursor: number }>;
  /** Sets a platform's switches. */
  behave(platform: string, switches: Readonly<Record<string, unknown>>): Promise<void>;
  /** Adds a fault. @returns its id. */
  addFault(rule: FaultRule): Promise<number>;
  /** Adds a fault of WebSocket frames. @returns its id. */
  addFrameFault(rule: FrameRule): Promise<number>;
  /** Releases every fault, also those of frames. */
  clearFaults(): Promise<void>;
  reset(): Promise<void>;
}

const SETTINGS = v.object({ section: v.string(), values: v.record(v.string(), v.union([v.string(), v.number()])) });
const WEBHOOK = v.object({ values: v.record(v.string(), v.union([v.string(), v.number()])), path: v.string() });
const SPEAKER = v.object({ user: v.string(), group: v.exactOptional(v.string()) });
const INFO = v.object({
  name: v.literal("revka sandbox"),
  url: v.string(),
  platforms: v.array(v.object({ name: v.string(), url: v.string(), settings: SETTINGS, scenes: v.array(SPEAKER), picture: v.exactOptional(v.object({ content: v.unknown() })), grows: v.exactOptional(v.literal(true)), webhook: v.exactOptional(WEBHOOK) })),
});
const REPLY = v.object({ seq: v.number(), user: v.string(), group: v.exactOptional(v.string()), text: v.string(), updates: v.exactOptional(v.number()), media: v.exactOptional(v.object({ size: v.number() })), at: v.number() });
const POST = v.object({ seq: v.number(), key: v.string(), msgtype: v.string(), text: v.string(), at: v.number() });
const REPLIES = v.object({ replies: v.array(REPLY), cursor: v.number() });
const MESSAGES = v.object({ messages: v.array(POST), cursor: v.number() });
const FAILURE = v.object({ error: v.string(), problems: v.optional(v.array(v.string()), []) });

/**
 * Talks to a running sandbox over its control API.
 *
 * @param url - its address, e.g. `http://127.0.0.1:42680`.
 */
export function createSandboxClient(url: string): SandboxClient {
  const base = url.replace(/\/+$/, "");

  async function call<T>(path: string, schema: v.GenericSchema<unknown, T>, init: RequestInit = {}): Promise<T> {
    const response = await reach(`${base}/control${path}`, init);
    const body: unknown = await response.json().catch(() => undefined);
    if (!response.ok) throw refusal(base, response.status, body);
    const result = v.safeParse(schema, body);
    if (!result.success) throw new SandboxError(`${base} answers, but is no sandbox of this version`, { status: response.status });
    return result.output;
  }

  const post = <T>(path: string, body: unknown, schema: v.GenericSchema<unknown, T>): Promise<T> =>
    call(path, schema, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });

  const list = <T>(path: string, { signal, waitMs, ...query }: SandboxPage & { readonly user?: string; readonly group?: string; readonly key?: string }, schema: v.GenericSchema<unknown, T>): Promise<T> => {
    const search = new URLSearchParams();
    for (const [key, value] of Object.entries({ ...query, wait_ms: waitMs })) if (value !== undefined) search.set(key, String(value));
    return call(`${path}?${search.toString()}`, schema, signal === undefined ? {} : { signal });
  };

  return {
    info: (signal) => call("/", INFO, signal === undefined ? {} : { signal }),
    useWebhook: async (platform, url) => (await post(`/${platform}/webhook`, { url }, v.object({ isAccepted: v.boolean() }))).isAccepted,
    say: async (platform, speaker, what) => {
      const who = typeof speaker === "string" ? { user: speaker } : speaker;
      return (await post(`/${platform}/say`, { ...who, ...(typeof what === "string" ? { text: what } : what) }, v.object({ messageId: v.string() }))).messageId;
    },
    replies: (platform, page = {}) => list(`/${platform}/replies`, page, REPLIES),
    messages: (platform, page = {}) => list(`/${platform}/messages`, page, MESSAGES),
    behave: async (platform, switches) => {
      await post(`/${platform}/behave`, switches, v.unknown());
    },
    addFault: async (rule) => (await post("/faults", rule, v.object({ id: v.number() }))).id,
    addFrameFault: async (rule) => (await post("/frame-faults", rule, v.object({ id: v.number() }))).id,
    clearFaults: async () => {
      for (const path of ["/faults", "/frame-faults"]) await call(path, v.unknown(), { method: "DELETE" });
    },
    reset: async () => {
      await post("/reset", {}, v.unknown());
    },
  };
}

async function reach(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (cause) {
    init.signal?.throwIfAborted();
    throw new SandboxError(`no sandbox answers at ${new URL(url).origin}: start one with \`revka sandbox\``, { cause });
  }
}

function refusal(base: string, status: number, body: unknown): SandboxError {
  const failure = v.safeParse(FAILURE, body);
  if (!failure.success) return new SandboxError(`${base} answered ${status} and is no sandbox`, { status });
  return new SandboxError([failure.output.error, ...failure.output.problems].join("; "), { status });
}
