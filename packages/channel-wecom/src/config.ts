import { baseUrl, dropAbsent, proxyChoice, requiredString, stringList, table, type ProxyChoice } from "@revka/core";
import * as v from "valibot";
import { parseWebhookKey } from "./webhook-key.ts";

/** One group bot. */
export interface WecomConfig {
  /**
   * The `key` of the group bot's webhook URL, or that whole URL, of which only the key is taken.
   * A secret: whoever has it can post into the chat.
   */
  readonly webhookKey: string;
  /**
   * Reserved for receiving, which a webhook cannot do; never keeps a message from being sent.
   * @default []
   */
  readonly allowedUsers?: readonly string[];
  /**
   * Where the API is, without a slash at its end; a path prefix is kept. Plain http is for a local sandbox.
   * @default "https://qyapi.weixin.qq.com"
   */
  readonly baseUrl?: string;
  /** The proxy of this channel alone, or `"direct"` for none. @default what the context says */
  readonly proxyUrl?: ProxyChoice;
}

/** What holds for absent keys. */
export const DEFAULTS: Required<Pick<WecomConfig, "allowedUsers" | "baseUrl">> = {
  allowedUsers: [],
  baseUrl: "https://qyapi.weixin.qq.com",
};

/** Reads the table `[channels_config.wecom]`. */
export const wecomSchema: v.GenericSchema<unknown, WecomConfig> = v.pipe(
  table({
    webhook_key: v.pipe(
      requiredString,
      v.check((value) => parseWebhookKey(value) !== undefined, "the key of the group bot's webhook URL, or that whole URL"),
    ),
    allowed_users: stringList,
    base_url: baseUrl({ allowHttp: "loopback", default: DEFAULTS.baseUrl }),
    proxy_url: proxyChoice,
  }),
  v.transform((section) =>
    dropAbsent({
      webhookKey: section.webhook_key,
      allowedUsers: section.allowed_users,
      baseUrl: section.base_url,
      proxyUrl: section.proxy_url,
    }),
  ),
);
