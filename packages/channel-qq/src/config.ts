import { baseUrl, dropAbsent, optionalString, proxyChoice, requiredString, stringList, table, type ProxyChoice } from "@revka/core";
import * as v from "valibot";

/** One QQ official bot. */
export interface QqConfig {
  /** The App ID of the developer console. */
  readonly appId: string;
  /** Its App Secret. */
  readonly appSecret: string;
  /**
   * Who may write: none when empty, everybody with `"*"`. Any id of a sender counts: `user_openid`, in groups
   * `member_openid`, `union_openid`.
   * @default []
   */
  readonly allowedUsers?: readonly string[];
  /** Where a send goes whose conversation id is empty: `user:<openid>` or `group:<group_openid>`. */
  readonly notificationTarget?: string;
  /**
   * Where the platform is, without a slash at its end; a path prefix is kept. Plain http is for a local sandbox.
   * @default "https://api.sgroup.qq.com"
   */
  readonly baseUrl?: string;
  /**
   * Where access tokens are got; `/app/getAppAccessToken` is added.
   * @default "https://bots.qq.com" for the hosts of `sgroup.qq.com`, which give none; else the `baseUrl`
   */
  readonly tokenUrl?: string;
  /** The proxy of this channel alone, or `"direct"` for none. @default what the context says */
  readonly proxyUrl?: ProxyChoice;
}

type Optional = "notificationTarget" | "proxyUrl";

/** A configuration with every default filled in. */
export type QqSettings = Required<Omit<QqConfig, Optional>> & Pick<QqConfig, Optional>;

/** The platform's own hosts: those that all known clients use. */
export const HOSTS = { api: "https://api.sgroup.qq.com", token: "https://bots.qq.com" } as const;

/** Whether an address is on a host of this domain. */
export function isWithin(address: string | URL, domain: string): boolean {
  return `.${new URL(address).hostname}`.endsWith(`.${domain}`);
}

/** An empty default stands for an absent URL. The path of the token call may stand there or not. */
const optionalUrl = v.pipe(
  baseUrl({ allowHttp: "loopback", default: "" }),
  v.transform((url) => (url === "" ? undefined : url.replace(/\/app\/getAppAccessToken$/, ""))),
);

/** App IDs are digits: many write them without quotes. */
const appId = v.optional(
  v.pipe(
    v.unknown(),
    v.transform((value) => (typeof value === "bigint" || Number.isSafeInteger(value) ? String(value) : value)),
    requiredString,
  ),
  null,
);

/** Reads the table `[channels_config.qq]`. */
export const qqSchema: v.GenericSchema<unknown, QqConfig> = v.pipe(
  table({
    app_id: appId,
    app_secret: requiredString,
    allowed_users: stringList,
    notification_target: optionalString,
    base_url: optionalUrl,
    token_url: optionalUrl,
    proxy_url: proxyChoice,
  }),
  v.transform((section) =>
    dropAbsent({
      appId: section.app_id,
      appSecret: section.app_secret,
      allowedUsers: section.allowed_users,
      notificationTarget: section.notification_target,
      baseUrl: section.base_url,
      tokenUrl: section.token_url,
      proxyUrl: section.proxy_url,
    }),
  ),
);

/**
 * A program's configuration with the defaults filled in and the URLs in their one spelling.
 *
 * @throws TypeError when a credential is blank or a URL cannot be used.
 */
export function withDefaults(config: QqConfig): QqSettings {
  const { notificationTarget, proxyUrl, allowedUsers = [] } = config;
  const baseUrl = takeUrl(config, "baseUrl") ?? HOSTS.api;
  return {
    appId: takeText(config, "appId"),
    appSecret: takeText(config, "appSecret"),
    allowedUsers,
    baseUrl,
    tokenUrl: takeUrl(config, "tokenUrl") ?? (isWithin(baseUrl, "sgroup.qq.com") ? HOSTS.token : baseUrl),
    ...(notificationTarget !== undefined && { notificationTarget }),
    ...(proxyUrl !== undefined && { proxyUrl }),
  };
}

/** Blanks around a pasted credential are refused by the platform, with no word about them. */
function takeText(config: QqConfig, name: "appId" | "appSecret"): string {
  const text = config[name].trim();
  if (text === "") throw new TypeError(`${name} must be a non-empty string`);
  return text;
}

function takeUrl(config: QqConfig, name: "baseUrl" | "tokenUrl"): string | undefined {
  const url = v.safeParse(optionalUrl, config[name]);
  if (!url.success) throw new TypeError(`${name} must be ${url.issues[0].message}`);
  return url.output;
}
