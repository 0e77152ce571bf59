import { table, type FieldDefinition, type SectionDefinition } from "@revka/core";
import * as v from "valibot";
import { CHANNEL_FIELDS } from "../config/channel-keys.ts";
import { dispatchTable } from "../config/dispatch-table.ts";
import { GATEWAY_TABLES } from "../config/gateway-tables.ts";
import { INERT_CHANNEL_KEYS, INERT_DISPATCH_KEYS, INERT_LOG_KEYS, INERT_MEDIA_KEYS } from "../config/inert-keys.ts";
import { mediaTable } from "../config/media-tables.ts";
import { variablePrefix } from "../config/overrides.ts";
import { presenceSchemas } from "../config/presence-keys.ts";
import type { TableDeclaration } from "../config/read-table.ts";
import { ROOT_FIELDS } from "../config/root-fields.ts";
import { logTable } from "../config/shared-tables.ts";
import { transcriptionSchema } from "../config/transcription-table.ts";
import { asText, keyTable } from "./key-table.ts";

const INTRO = `# Configuration reference

Every key of \`config.toml\`, written down by the program itself: from the same declarations that it reads the file by.
[How the file is read](guides/configuration.md) tells the rest: where it is, \`\${NAME}\` and \`\${file:PATH}\`, variables that override it,
encrypted secrets, and what happens when it changes. \`revka config show\` prints what holds on your machine, and why.
`;

const rootTable: TableDeclaration<unknown> = { path: "", fields: ROOT_FIELDS, schema: v.unknown() };
const channelTable: TableDeclaration<unknown> = { path: "channels_config.<channel>", fields: CHANNEL_FIELDS.map(withoutSubKeys), schema: table({ ...presenceSchemas, transcription: transcriptionSchema }) };

const INERT = [
  { path: dispatchTable.path, keys: INERT_DISPATCH_KEYS },
  { path: channelTable.path, keys: INERT_CHANNEL_KEYS },
  { path: mediaTable.path, keys: INERT_MEDIA_KEYS },
  { path: logTable.path, keys: INERT_LOG_KEYS },
];

/**
 * The page that documents every key, as Markdown.
 *
 * What a key takes is not described a second time: its schema is given something wrong, and says it.
 * @param sections - the channels that are installed.
 */
export function configReference(sections: readonly SectionDefinition[]): string {
  return [
    INTRO,
    chapter("At the top of the file", "", rootTable),
    ...sections.map(sectionChapter),
    chapter("Every channel's section", "These may stand in each section above, and go before the same keys of `[channels_config]` and before `[transcription]` there.", channelTable),
    ...GATEWAY_TABLES.map((declaration) => chapter(`\`[${declaration.path}]\``, "", declaration)),
    inertChapter(),
  ].join("\n");
}

/** Its keys have a chapter of their own. */
function withoutSubKeys({ fields: _fields, ...field }: FieldDefinition): FieldDefinition {
  return field;
}

function sectionChapter({ name, displayName, description, receiveMode, helpUrl, idKinds, fields, schema }: SectionDefinition): string {
  const credentials = helpUrl === undefined ? "" : ` The credentials come from <${helpUrl}>.`;
  const own = fields.filter(({ key }) => !CHANNEL_FIELDS.some((shared) => shared.key === key));
  const facts = `${displayName}: ${description}. Receives by: ${receiveMode}. \`allowed_users\` takes ${asText(idKinds)}.${credentials} Variables: \`${variablePrefix(name)}<KEY>\`.`;
  return chapter(`\`[channels_config.${name}]\``, facts, { path: `channels_config.${name}`, fields: own, schema });
}

function chapter(title: string, facts: string, { path, fields, schema }: TableDeclaration<unknown>): string {
  const inert = INERT.find((entry) => entry.path === path)?.keys ?? [];
  const shown = fields.filter(({ key }) => !inert.some(({ field }) => field.key === key));
  return [`## ${title}`, "", ...(facts === "" ? [] : [facts, ""]), keyTable({ path, fields: shown, schema }), ""].join("\n");
}

function inertChapter(): string {
  const rows = INERT.map(({ path, keys }) => `| \`[${path}]\` | ${keys.map(({ field }) => `\`${field.key}\``).join(" ")} |`);
  return [
    "## Accepted, but without effect",
    "",
    "Files written for other releases may hold these. They are checked, and a value that asks for something else than what happens anyway is a warning.",
    "",
    "| table | keys |",
    "| --- | --- |",
    ...rows,
    "",
  ].join("\n");
}
