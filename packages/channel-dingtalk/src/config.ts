import { baseUrl, dropAbsent, flag, optionalString, proxyChoice, requiredString, stringList, table, type ProxyChoice } from "@revka/core";
import * as v from "valibot";

/** One DingTalk robot in Stream Mode. */
export interface DingtalkConfig {
  /** The App Key of the app that the robot belongs to. */
  readonly clientId: string;
  /** Its App Secret. */
  readonly clientSecret: string;
  /**
   * Staff ids (`senderStaffId`) that may write: none when empty, everybody with `"*"`.
   * @default []
   */
  readonly allowedUsers?: readonly string[];
  /**
   * Answers somebody without a private conversation of his own through the group he last wrote in, for all to read.
   * @default false
   */
  readonly senderFallbackToGroup?: boolean;
  /**
   * Sends through the robot API where no session webhook is alive. Needs the app's permissions for it.
   * @default false
   */
  readonly proactiveSend?: boolean;
  /** The robot's code, for downloads and proactive sends. @default the `clientId`, which it is for all but old apps */
  readonly robotCode?: string;
  /**
   * Where the platform is, without a slash at its end; a path prefix is kept. It takes the place of both API hosts, and
   * session webhooks on its origin are accepted too. Plain http is for a local sandbox.
   * @default "https://api.dingtalk.com", and "https://oapi.dingtalk.com" for uploads
   */
  readonly baseUrl?: string;
  /** The proxy of this channel alone, or `"direct"` for none. @default what the context says */
  readonly proxyUrl?: ProxyChoice;
}

type Optional = "baseUrl" | "proxyUrl";

/** A configuration with every default filled in. */
export type DingtalkSettings = Required<Omit<DingtalkConfig, Optional>> & Pick<DingtalkConfig, Optional>;

/** What holds for absent keys. */
export const DEFAULTS: Omit<DingtalkSettings, "clientId" | "clientSecret" | "robotCode" | Optional> = {
  allowedUsers: [],
  senderFallbackToGroup: false,
  proactiveSend: false,
};

/** The platform's own hosts: for everything new, and for uploads. */
export const HOSTS = { api: "https://api.dingtalk.com", oapi: "https://oapi.dingtalk.com" } as const;

/** An empty default stands for `HOSTS`. */
const ownBaseUrl = v.pipe(
  baseUrl({ allowHttp: "loopback", default: "" }),
  v.transform((url) => (url === "" ? undefined : url)),
);

/** Reads the table `[channels_config.dingtalk]`. */
export const dingtalkSchema: v.GenericSchema<unknown, DingtalkConfig> = v.pipe(
  table({
    client_id: requiredString,
    client_secret: requiredString,
    allowed_users: stringList,
    sender_fallback_to_group: flag(DEFAULTS.senderFallbackToGroup),
    proactive_send: flag(DEFAULTS.proactiveSend),
    robot_code: optionalString,
    base_url: ownBaseUrl,
    proxy_url: proxyChoice,
  }),
  v.transform((section) =>
    dropAbsent({
      clientId: section.client_id,
      clientSecret: section.client_secret,
      allowedUsers: section.allowed_users,
      senderFallbackToGroup: section.sender_fallback_to_group,
      proactiveSend: section.proactive_send,
      robotCode: section.robot_code,
      baseUrl: section.base_url,
      proxyUrl: section.proxy_url,
    }),
  ),
);

/**
 * A program's configuration with the defaults filled in and `baseUrl` in its one spelling.
 *
 * @throws TypeError when a credential is blank or `baseUrl` cannot be used.
 */
export function withDefaults(config: DingtalkConfig): DingtalkSettings {
  const clientId = takeText(config, "clientId");
  const clientSecret = takeText(config, "clientSecret");
  const url = v.safeParse(ownBaseUrl, config.baseUrl);
  if (!url.success) throw new TypeError(`baseUrl must be ${url.issues[0].message}`);
  const { baseUrl: _given, ...rest } = config;
  const known = { ...DEFAULTS, robotCode: clientId, ...dropAbsent(rest), clientId, clientSecret };
  return url.output === undefined ? known : { ...known, baseUrl: url.output };
}

/** Blanks around a pasted credential are refused by the platform, with no word about them. */
function takeText(config: DingtalkConfig, name: "clientId" | "clientSecret"): string {
  const text = config[name].trim();
  if (text === "") throw new TypeError(`${name} must be a non-empty string`);
  return text;
}
