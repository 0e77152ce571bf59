import { baseUrl, choice, dropAbsent, flag, integerBetween, optionalString, proxyChoice, requiredString, stringList, table } from "@revka/core";
import * as v from "valibot";
import { DEFAULTS, isPath, webhookProblems, type LarkConfig } from "./config.ts";
import type { LarkRegion } from "./region.ts";

const port = integerBetween(1, 65_535);

/**
 * Reads the table `[channels_config.lark]` or `[channels_config.feishu]`.
 *
 * `use_feishu` comes out as the region, and is no key of the feishu section. A `port` is not looked at in websocket mode.
 */
export function sectionSchema(name: LarkRegion): v.GenericSchema<unknown, LarkConfig> {
  return v.pipe(
    table({
      app_id: requiredString,
      app_secret: requiredString,
      allowed_users: stringList,
      mention_only: flag(DEFAULTS.mentionOnly),
      receive_mode: choice(["websocket", "webhook"], DEFAULTS.receiveMode),
      port: v.optional(v.unknown()),
      host: v.pipe(optionalString, v.transform((host) => host ?? DEFAULTS.host)),
      path: v.pipe(optionalString, v.transform((path) => path ?? `/${name}`), v.check(isPath, "a path such as /lark, without query or fragment")),
      encrypt_key: optionalString,
      verification_token: optionalString,
      // Its default depends on the region; an empty one stands for it.
      base_url: v.pipe(baseUrl({ allowHttp: "loopback", default: "" }), v.transform((url) => (url === "" ? undefined : url))),
      proxy_url: proxyChoice,
      use_feishu: name === "lark" ? flag(false) : v.optional(v.unknown()),
    }),
    checkWebhook(name),
    v.transform((section) =>
      dropAbsent({
        appId: section.app_id,
        appSecret: section.app_secret,
        region: section.use_feishu === true ? "feishu" as const : name,
        allowedUsers: section.allowed_users,
        mentionOnly: section.mention_only,
        receiveMode: section.receive_mode,
        port: section.receive_mode === "webhook" ? v.parse(port, section.port) : undefined,
        host: section.host,
        path: section.path,
        encryptKey: section.encrypt_key,
        verificationToken: section.verification_token,
        baseUrl: section.base_url,
        proxyUrl: section.proxy_url,
      }),
    ),
  );
}

/** What the webhook's keys need; whatever else is wrong in the section is told beside this. */
const webhookKeys = v.object({
  receive_mode: v.literal("webhook"),
  port: v.optional(v.unknown()),
  host: v.string(),
  encrypt_key: v.optional(v.string()),
  verification_token: v.optional(v.string()),
});

function checkWebhook<T>(name: LarkRegion): v.RawCheckAction<T> {
  return v.rawCheck<T>(({ dataset, addIssue }) => {
    const keys = v.safeParse(webhookKeys, dataset.value);
    if (!keys.success) return;
    const { receive_mode: receiveMode, host, encrypt_key: encryptKey, verification_token: verificationToken } = keys.output;
    const given = v.safeParse(port, keys.output.port);
    const tell = (key: "port" | "host", message: string): void => {
      const input = keys.output;
      addIssue({ message, input: input[key], path: [{ type: "object", origin: "value", input, key, value: input[key] }] });
    };
    if (!given.success) tell("port", given.issues[0].message);
    const known = dropAbsent({ receiveMode, host, encryptKey, verificationToken, port: given.success ? given.output : 0 });
    for (const { key, allowed } of webhookProblems(known, name)) tell(key, allowed);
  });
}
