import { isDeepStrictEqual } from "node:util";
import { ConfigError } from "@revka/core";
import type { Command } from "commander";
import type { Table } from "../config/table.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { encryptSecret } from "../secrets/cipher.ts";
import { keyFileOf, prepareNextKey, promoteNextKey, readKeys } from "../secrets/key-file.ts";
import { encryptedPlaces, holdsEncrypted, obtainKey, sealTable, unsealTable } from "../secrets/seal.ts";
import { secretTablesOf, type SecretTable } from "../secrets/secret-tables.ts";
import type { CommandIo } from "./command-io.ts";
import { readStdin } from "./read-stdin.ts";
import { saveChange, withConfigFile, type ConfigChange } from "./with-config-file.ts";

/** `revka secrets encrypt|decrypt|rotate`: how secrets stand in the file. */
export function registerSecrets(program: Command, io: CommandIo): void {
  const secrets = program.command("secrets").description("encrypt the secrets of the configuration, or decrypt them");
  secrets
    .command("encrypt")
    .description("encrypt every secret that stands in the file in plain text")
    .option("--stdin", "encrypt what comes on standard input instead, and print it")
    .action(({ stdin }: { stdin?: true }, command: Command) => withConfigFile(command, io, (change) => (stdin === true ? encryptOne(change) : encryptAll(change))));
  secrets
    .command("decrypt")
    .description("write every encrypted secret back in plain text")
    .action((_options: unknown, command: Command) => withConfigFile(command, io, decryptAll));
  secrets
    .command("rotate")
    .description("encrypt every secret anew, with a new key")
    .action((_options: unknown, command: Command) => withConfigFile(command, io, rotate));
}

async function encryptOne({ io, config, file }: ConfigChange): Promise<ExitCode> {
  const secret = await readStdin(io.stdin);
  if (secret === "") {
    io.stderr.write("There is nothing to encrypt: standard input is empty.\n");
    return EXIT.usage;
  }
  io.stdout.write(`${encryptSecret(secret, obtainKey(config.folder, file.root))}\n`);
  return EXIT.ok;
}

async function encryptAll(change: ConfigChange): Promise<ExitCode> {
  const { io, config, file } = change;
  const tables = secretTablesOf(file.root, config.available);
  const key = obtainKey(config.folder, file.root);
  const count = changeTables(change, tables.map((table) => ({ ...table, changed: sealTable(table.content, table.fields, key) })));
  if (count === 0) io.stdout.write(`There is nothing to encrypt in ${file.path}: no secret stands there in plain text.\n`);
  else await saveEncrypted(change, `Encrypted the secrets of ${tablesText(count)}`);
  return EXIT.ok;
}

async function decryptAll(change: ConfigChange): Promise<ExitCode> {
  const { io, file } = change;
  if (!holdsEncrypted(file.root)) {
    io.stdout.write(`There is nothing to decrypt in ${file.path}.\n`);
    return EXIT.ok;
  }
  const count = changeTables(change, opened(change));
  await saveChange(change, `Decrypted the secrets of ${tablesText(count)}`);
  return EXIT.ok;
}

/** The text before is kept beside the file, as with every change, and the secrets stand in it as they were. */
async function saveEncrypted(change: ConfigChange, what: string): Promise<void> {
  const { backup } = await saveChange(change, what);
  if (backup !== undefined) change.io.stderr.write(`${backup} still holds them in plain text: delete it once everything works.\n`);
}

/** The next key is on disk before the file needs it, and takes the old one's place only after: each moment can be read. */
async function rotate(change: ConfigChange): Promise<ExitCode> {
  const { io, config, file } = change;
  if (!holdsEncrypted(file.root)) {
    io.stdout.write(`Nothing in ${file.path} is encrypted. To begin with that: revka secrets encrypt\n`);
    return EXIT.ok;
  }
  const tables = opened(change);
  refuseUnread(file.root, tables);
  const next = prepareNextKey(config.folder);
  const count = changeTables(change, tables.map((table) => ({ ...table, changed: sealTable(table.changed, table.fields, next) })));
  await saveChange(change, `Encrypted the secrets of ${tablesText(count)} with a new key`);
  promoteNextKey(config.folder);
  return EXIT.ok;
}

/** @throws ConfigError where something is encrypted that none of the tables opened: the new key could not open it either. */
function refuseUnread(root: Table, tables: readonly ChangedTable[]): void {
  const placesIn = (pick: (table: ChangedTable) => Table): readonly string[] => tables.flatMap((table) => encryptedPlaces(pick(table), table.path.join(".")));
  const closed = new Set(placesIn(({ changed }) => changed));
  const opened = new Set(placesIn(({ content }) => content).filter((place) => !closed.has(place)));
  const unread = encryptedPlaces(root).filter((place) => !opened.has(place));
  const allowed = "no value that only the old key opens: install the channel that reads it, or take it out first";
  if (unread.length > 0) throw new ConfigError(unread.map((path) => ({ path, found: "an encrypted value that nothing installed reads", allowed })));
}

/** A table, and what becomes of it. */
interface ChangedTable extends SecretTable {
  readonly changed: Table;
}

/** Every table that may hold secrets, with its secrets in plain text. */
function opened({ config, file }: ConfigChange): ChangedTable[] {
  const reading = readKeys(config.folder);
  if (!("keys" in reading)) throw new ConfigError([{ path: "secrets", found: `encrypted values, but ${reading.reason}`, allowed: `their key in ${keyFileOf(config.folder)}` }]);
  return secretTablesOf(file.root, config.available).map((table) => {
    const place = { fields: table.fields, path: table.path.join(".") };
    return { ...table, changed: unsealTable(table.content, place, reading.keys) };
  });
}

/** Changes the tables that differ; gives how many did. */
function changeTables({ file }: ConfigChange, tables: readonly ChangedTable[]): number {
  const different = tables.filter(({ content, changed }) => !isDeepStrictEqual(content, changed));
  for (const { path, changed } of different) file.change(path, changed);
  return different.length;
}

function tablesText(count: number): string {
  return count === 1 ? "1 table" : `${count} tables`;
}
