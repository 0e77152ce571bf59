import { dingtalkDefinition } from "@revka/channel-dingtalk";
import { larkDefinition } from "@revka/channel-lark";
import { mochatDefinition } from "@revka/channel-mochat";
import { qqDefinition } from "@revka/channel-qq";
import { wecomDefinition } from "@revka/channel-wecom";
import type { FieldDefinition } from "@revka/core";
import { CHANNEL_FIELDS } from "../../apps/gateway/src/config/channel-keys.ts";
import { GATEWAY_TABLES } from "../../apps/gateway/src/config/gateway-tables.ts";

/** A key of the configuration whose value is a secret, or an address that may have a password in it. */
export interface SecretKey {
  /** Dotted, from the top of the file. */
  readonly table: string;
  readonly key: string;
  readonly kind: "secret" | "address";
}

const SECTIONS = [larkDefinition, dingtalkDefinition, wecomDefinition, qqDefinition, mochatDefinition].flatMap(({ sections }) => sections);

/** Every such key, as the definitions have it. */
export const SECRET_KEYS: readonly SecretKey[] = [
  ...SECTIONS.flatMap(({ name, fields }) => keysIn(`channels_config.${name}`, [...fields, ...CHANNEL_FIELDS])),
  ...GATEWAY_TABLES.flatMap(({ path, fields }) => keysIn(path, fields)),
];

function keysIn(table: string, fields: readonly FieldDefinition[]): SecretKey[] {
  return fields.flatMap(({ key, type, isSecret, fields: deeper = [] }): SecretKey[] => {
    if (type === "table") return keysIn(`${table}.${key}`, deeper);
    return isSecret === true ? [{ table, key, kind: "secret" }] : type === "url" ? [{ table, key, kind: "address" }] : [];
  });
}
