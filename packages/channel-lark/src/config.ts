import { baseUrl, dropAbsent, isLoopback, type ProxyChoice } from "@revka/core";
import * as v from "valibot";
import { HOSTS, type LarkRegion } from "./region.ts";

/** One Lark or Feishu bot. */
export interface LarkConfig {
  /** App ID from the developer console. */
  readonly appId: string;
  /** App Secret from the developer console. */
  readonly appSecret: string;
  /** Which of the two platforms the app lives on. @default "lark" */
  readonly region?: LarkRegion;
  /**
   * Open ids or union ids that may write: none when empty, everybody with `"*"`.
   * @default []
   */
  readonly allowedUsers?: readonly string[];
  /** In groups, only messages that mention the bot. @default false */
  readonly mentionOnly?: boolean;
  /** How events arrive: over a socket that the channel opens, or as requests to a listener of its own. @default "websocket" */
  readonly receiveMode?: ReceiveMode;
  /** The listener's port, in webhook mode; 0 takes any free one. */
  readonly port?: number;
  /**
   * The address the listener binds to. One that others can reach needs `verificationToken` or `encryptKey`.
   * @default "127.0.0.1"
   */
  readonly host?: string;
  /** The path that events are posted to. @default "/lark" or "/feishu", by region */
  readonly path?: string;
  /** Decrypts events and checks their signature, in webhook mode. */
  readonly encryptKey?: string;
  /** What events must name, in webhook mode. */
  readonly verificationToken?: string;
  /**
   * Where the platform is, without a slash at its end; a path prefix is kept. Plain http is for a local sandbox.
   * @default the region's host
   */
  readonly baseUrl?: string;
  /** The proxy of this channel alone, or `"direct"` for none. @default what the context says */
  readonly proxyUrl?: ProxyChoice;
}

/** How events arrive. */
export type ReceiveMode = "websocket" | "webhook";

type Optional = "port" | "encryptKey" | "verificationToken" | "proxyUrl";

/** A configuration with every default filled in. */
export type LarkSettings = Required<Omit<LarkConfig, Optional>> & Pick<LarkConfig, Optional>;

/** What holds for absent keys, whatever the region. */
export const DEFAULTS: Pick<LarkSettings, "region" | "allowedUsers" | "mentionOnly" | "receiveMode" | "host"> = {
  region: "lark",
  allowedUsers: [],
  mentionOnly: false,
  receiveMode: "websocket",
  host: "127.0.0.1",
};

/** Whether events can be posted to this path. */
export function isPath(path: string): boolean {
  return /^\/[^\s?#]*$/.test(path);
}

/**
 * A program's configuration with the defaults filled in and `baseUrl` in its one spelling.
 *
 * @throws TypeError when a credential is blank, `baseUrl` or `path` cannot be used, or the webhook's keys do not fit together.
 */
export function withDefaults(config: LarkConfig): LarkSettings {
  const appId = takeText(config, "appId");
  const appSecret = takeText(config, "appSecret");
  const { region = DEFAULTS.region } = config;
  const url = v.safeParse(baseUrl({ allowHttp: "loopback", default: HOSTS[region] }), config.baseUrl);
  if (!url.success) throw new TypeError(`baseUrl must be ${url.issues[0].message}`);
  const { encryptKey, verificationToken, ...rest } = config;
  const keys = dropAbsent({ encryptKey: unlessBlank(encryptKey), verificationToken: unlessBlank(verificationToken) });
  const settings = { ...DEFAULTS, path: `/${region}`, ...dropAbsent(rest), ...keys, appId, appSecret, baseUrl: url.output };
  if (!isPath(settings.path)) throw new TypeError("path must begin with a slash and hold no query or fragment");
  const [problem] = webhookProblems(settings, region);
  if (problem !== undefined) throw new TypeError(`${problem.key} must be ${problem.allowed}`);
  return settings;
}

/** Blanks around a pasted credential are refused by the platform, with no word about them. */
function takeText(config: LarkConfig, name: "appId" | "appSecret"): string {
  const text = config[name].trim();
  if (text === "") throw new TypeError(`${name} must be a non-empty string`);
  return text;
}

function unlessBlank(text: string | undefined): string | undefined {
  return text?.trim() === "" ? undefined : text?.trim();
}

/** Whether whoever knows the webhook's URL can make up events: nothing proves where they come from. */
export function isForgeable({ receiveMode, encryptKey, verificationToken }: Partial<LarkSettings>): boolean {
  return receiveMode === "webhook" && encryptKey === undefined && verificationToken === undefined;
}

/** A key of the webhook mode that does not fit to the others. */
export interface WebhookProblem {
  readonly key: "port" | "host";
  readonly allowed: string;
}

/** What keeps the webhook mode from starting: it needs a port, and a listener that others can reach needs a secret. */
export function webhookProblems(settings: Partial<LarkSettings>, section: string): readonly WebhookProblem[] {
  const { receiveMode, port, host } = settings;
  if (receiveMode !== "webhook") return [];
  const problems: WebhookProblem[] = [];
  if (port === undefined) problems.push({ key: "port", allowed: `a port: Lark webhook mode requires port to be set in [channels_config.${section}]` });
  if (host !== undefined && !isThisMachine(host) && isForgeable(settings)) {
    problems.push({ key: "host", allowed: "an address of this machine alone, e.g. 127.0.0.1, unless verification_token or encrypt_key is set: anybody could forge events" });
  }
  return problems;
}

/** Whether only this machine can reach a listener there. */
function isThisMachine(host: string): boolean {
  const url = URL.parse(`http://${host.includes(":") ? `[${host}]` : host}`);
  return url !== null && isLoopback(url);
}
