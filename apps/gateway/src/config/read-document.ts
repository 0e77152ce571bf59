import { parse, TomlError } from "smol-toml";
import type { Environment } from "./environment.ts";
import { findKeyLines, type KeyLines } from "./key-lines.ts";
import type { ConfigPlace } from "./locate.ts";
import type { LocatedProblem } from "./problem.ts";
import { readTextFile } from "./read-file.ts";
import type { Table } from "./table.ts";

/** The file, parsed but not yet understood. */
export interface ConfigDocument {
  readonly root: Table;
  readonly lines: KeyLines;
  readonly hasFile: boolean;
  /** What keeps the whole file from being read. */
  readonly problems: readonly LocatedProblem[];
  readonly warnings: readonly string[];
}

const HOW_TO_BEGIN =
  "run revka onboard, or put a [channels_config.<name>] section there; `revka channel list` shows the names, `revka demo` everything at work without credentials";

/** Reads and parses the file. Without one, channels that the environment describes are enough, unless the file was asked for by name. */
export function readDocument({ file, source }: ConfigPlace, environment: Environment): ConfigDocument {
  const reading = readTextFile(file);
  if ("text" in reading) {
    const warnings = reading.isShared ? [`${file} holds secrets and others may read it: run chmod 600 ${file}`] : [];
    return { hasFile: true, warnings, ...parseDocument(file, reading.text) };
  }
  const nothing = { root: {}, lines: new Map<string, number>(), hasFile: false, warnings: [] };
  if (!reading.isMissing) {
    return { ...nothing, hasFile: true, problems: [wholeFile(file, `a file that cannot be read (${reading.reason})`, "a file that this user may read")] };
  }
  const hasChannels = Object.keys(environment).some((name) => name.startsWith("REVKA_CHANNELS_"));
  if (hasChannels && source !== "--config") return { ...nothing, problems: [] };
  return { ...nothing, problems: [{ ...wholeFile(file, "no file", "a TOML file"), hint: HOW_TO_BEGIN }] };
}

function parseDocument(file: string, text: string): Pick<ConfigDocument, "root" | "lines" | "problems"> {
  try {
    return { root: parse(text, { integersAsBigInt: "asNeeded" }), lines: findKeyLines(text), problems: [] };
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    // The rest of the parser's message shows the line itself, which may hold a secret.
    const [reason = ""] = error.message.replace("Invalid TOML document: ", "").split("\n");
    const found = `text that is no TOML, at column ${error.column} (${reason})`;
    return { root: {}, lines: new Map(), problems: [{ ...wholeFile(file, found, "TOML 1.0"), line: error.line }] };
  }
}

function wholeFile(file: string, found: string, allowed: string): LocatedProblem {
  return { file, section: "", key: "", found, allowed };
}
