import { ConfigError } from "@revka/core";
import { TomlError } from "smol-toml";
import { readTextFile } from "../config/read-file.ts";
import type { Table } from "../config/table.ts";
import { editTable, type TablePath } from "./edit-table.ts";
import { parseToml } from "./toml.ts";
import { writeConfigFile, type WrittenFile } from "./write-file.ts";

/** The configuration as text, to be changed: references and encrypted values stand in it as they are. */
export interface ConfigFile {
  readonly path: string;
  /** What it says, with every change so far. */
  readonly root: Table;
  /**
   * Changes, adds or (with undefined) removes one table.
   * @throws ConfigError when it is written in a way that cannot be changed safely.
   */
  change(table: TablePath, content: Table | undefined): void;
  /** Writes what was changed; nothing where nothing was. */
  save(): Promise<WrittenFile>;
}

/**
 * Opens a configuration file; one that does not exist yet is empty.
 * @throws ConfigError when it cannot be read, or is no TOML: then nothing should be written over it.
 */
export function openConfigFile(path: string): ConfigFile {
  const before = read(path);
  let text = before;
  let root = parseFile(path, text);
  return {
    path,
    get root() {
      return root;
    },
    change(table, content) {
      const edited = editTable(text, table, content);
      if (edited === undefined) {
        const found = "a table written in a way that cannot be changed safely";
        throw new ConfigError([{ path: table.join("."), found, allowed: `a table under a header of its own; please edit ${path} by hand` }]);
      }
      text = edited;
      root = parseFile(path, text);
    },
    save: () => (text === before ? Promise.resolve({}) : writeConfigFile(path, text)),
  };
}

function read(path: string): string {
  const reading = readTextFile(path);
  if ("text" in reading) return reading.text;
  if (reading.isMissing) return "";
  throw new ConfigError([{ path, found: `a file that cannot be read (${reading.reason})`, allowed: "a file that this user may read and write" }]);
}

function parseFile(path: string, text: string): Table {
  try {
    return parseToml(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    throw new ConfigError([{ path: `${path}:${error.line}`, found: "text that is no TOML", allowed: "TOML 1.0; `revka config check` tells more" }]);
  }
}
