import { baseUrl, dropAbsent, flag, integerBetween, numberBetween, optionalString, proxyChoice, requiredString, stringList, table, type ProxyChoice } from "@revka/core";
import * as v from "valibot";
import { LIMITS } from "./limits.ts";

/** One Mochat bridge: a server with the three endpoints that this channel polls, sends to and asks for its health. */
export interface MochatConfig {
  /** Absolute http or https URL of the bridge, without query or credentials; a path prefix is kept, slashes at the end are cut. */
  readonly apiUrl: string;
  /** The bearer token of every request. A secret. */
  readonly apiToken: string;
  /**
   * Mochat user ids (`fromUserId`) that may write: none when empty, everybody with `"*"`.
   * @default []
   */
  readonly allowedUsers?: readonly string[];
  /**
   * From the end of one poll to the start of the next: 100 ms to a day.
   * @default 5_000
   */
  readonly pollIntervalMs?: number;
  /**
   * How long one receive call may take with its answer, 1 s to 10 min: more than a long-polling bridge holds it back.
   * @default 30_000
   */
  readonly receiveTimeoutMs?: number;
  /**
   * On the very first start, marks what the first poll brings as seen instead of delivering it.
   * @default false
   */
  readonly skipBacklog?: boolean;
  /**
   * Users whose messages are never delivered, e.g. the bot itself where the bridge echoes its sends.
   * @default []
   */
  readonly ignoreUsers?: readonly string[];
  /**
   * Longer texts are split, at line ends where possible; at least 16, or 0: none is.
   * @default 0
   */
  readonly maxMessageChars?: number;
  /** The user a message without a target goes to. */
  readonly notificationTarget?: string;
  /**
   * The bridge honours `Idempotency-Key`, so that a send whose outcome is unknown may be repeated.
   * @default false
   */
  readonly idempotentSend?: boolean;
  /** The proxy of this channel alone, or `"direct"` for none. @default what the context says */
  readonly proxyUrl?: ProxyChoice;
}

type Optional = "notificationTarget" | "proxyUrl";

/** A configuration with every default filled in. */
export type MochatSettings = Required<Omit<MochatConfig, Optional>> & Pick<MochatConfig, Optional>;

/** What holds for absent keys. */
export const DEFAULTS: Omit<MochatSettings, "apiUrl" | "apiToken" | Optional> = {
  allowedUsers: [],
  pollIntervalMs: 5_000,
  receiveTimeoutMs: 30_000,
  skipBacklog: false,
  ignoreUsers: [],
  maxMessageChars: 0,
  idempotentSend: false,
};

const apiUrl = baseUrl({ allowHttp: "any" });
const seconds = (minMs: number, maxMs: number, absentMs: number): v.GenericSchema<unknown, number> =>
  numberBetween(minMs / 1000, maxMs / 1000, absentMs / 1000);

/** Reads the table `[channels_config.mochat]`. */
export const mochatSchema: v.GenericSchema<unknown, MochatConfig> = v.pipe(
  table({
    api_url: apiUrl,
    api_token: requiredString,
    allowed_users: stringList,
    poll_interval_secs: seconds(LIMITS.minIntervalMs, LIMITS.maxIntervalMs, DEFAULTS.pollIntervalMs),
    receive_timeout_secs: seconds(LIMITS.minReceiveTimeoutMs, LIMITS.maxReceiveTimeoutMs, DEFAULTS.receiveTimeoutMs),
    skip_backlog: flag(DEFAULTS.skipBacklog),
    ignore_users: stringList,
    max_message_chars: v.pipe(
      integerBetween(0, LIMITS.messageChars, DEFAULTS.maxMessageChars),
      v.check(isMessageLimit, `0, or a whole number of at least ${LIMITS.minMessageChars}`),
    ),
    notification_target: optionalString,
    idempotent_send: flag(DEFAULTS.idempotentSend),
    proxy_url: proxyChoice,
  }),
  v.transform((section) =>
    dropAbsent({
      apiUrl: section.api_url,
      apiToken: section.api_token,
      allowedUsers: section.allowed_users,
      pollIntervalMs: section.poll_interval_secs * 1000,
      receiveTimeoutMs: section.receive_timeout_secs * 1000,
      skipBacklog: section.skip_backlog,
      ignoreUsers: section.ignore_users,
      maxMessageChars: section.max_message_chars,
      notificationTarget: section.notification_target,
      idempotentSend: section.idempotent_send,
      proxyUrl: section.proxy_url,
    }),
  ),
);

/**
 * A program's configuration with the defaults filled in and `apiUrl` in its one spelling.
 *
 * @throws TypeError when `apiUrl` or `apiToken` cannot be used.
 * @throws RangeError when a number is out of its range.
 */
export function withDefaults(config: MochatConfig): MochatSettings {
  const url = v.safeParse(apiUrl, config.apiUrl);
  if (!url.success) throw new TypeError(`apiUrl must be ${url.issues[0].message}`);
  if (config.apiToken.trim() === "") throw new TypeError("apiToken must be a non-empty string");
  const settings = { ...DEFAULTS, ...config, apiUrl: url.output };
  requireRange(settings, "pollIntervalMs", [LIMITS.minProgramIntervalMs, LIMITS.maxIntervalMs]);
  requireRange(settings, "receiveTimeoutMs", [LIMITS.minReceiveTimeoutMs, LIMITS.maxReceiveTimeoutMs]);
  if (settings.maxMessageChars !== 0) requireRange(settings, "maxMessageChars", [LIMITS.minMessageChars, LIMITS.messageChars]);
  return settings;
}

function isMessageLimit(chars: number): boolean {
  return chars === 0 || chars >= LIMITS.minMessageChars;
}

type NumberKey = "pollIntervalMs" | "receiveTimeoutMs" | "maxMessageChars";

/** NaN is in no range. */
function requireRange(settings: MochatSettings, name: NumberKey, [min, max]: readonly [number, number]): void {
  if (!(settings[name] >= min && settings[name] <= max)) throw new RangeError(`${name} must be a number from ${min} to ${max}`);
}
