import type { ConfigProblem, SectionDefinition } from "@revka/core";
import { withDotenv } from "../config/dotenv.ts";
import type { Environment } from "../config/environment.ts";
import type { ConfigPlace } from "../config/locate.ts";
import { nearestKey } from "../config/nearest-key.ts";
import { readTable } from "../config/read-table.ts";
import { secretsOf } from "../config/secrets.ts";
import type { Table } from "../config/table.ts";
import { readKeys } from "../secrets/key-file.ts";

/** A section that is to be written, and where. */
export interface SectionDraft {
  readonly section: SectionDefinition;
  /** As it is to stand in the file: references and encrypted values as they are. */
  readonly content: Table;
  readonly place: ConfigPlace;
  readonly environment: Environment;
}

/** A section as a channel takes it, or what is wrong with it. */
export interface CheckedSection {
  readonly config?: unknown;
  readonly problems: readonly ConfigProblem[];
  /** Every secret in it, references resolved. */
  readonly secrets: readonly string[];
}

/** Reads a section before it is written, as the daemon will read it. A key that it does not know is a problem here: nobody meant to write it. */
export function checkSection({ section, content, place, environment: given }: SectionDraft): CheckedSection {
  const path = `channels_config.${section.name}`;
  const { environment } = withDotenv(given, place.workspace);
  const sources = { environment, folder: place.folder, secretKeys: () => readKeys(place.folder) };
  const { value, table, problems } = readTable({ path, ...section }, content, { sources });
  const unknown = unknownKeys(content, section, path);
  return { problems: [...problems, ...unknown], secrets: secretsOf(table, section.fields), ...(value !== undefined && unknown.length === 0 && { config: value }) };
}

function unknownKeys(content: Table, { fields }: SectionDefinition, path: string): ConfigProblem[] {
  const known = fields.map(({ key }) => key);
  return Object.keys(content)
    .filter((key) => !known.includes(key))
    .map((key) => {
      const nearest = nearestKey(key, known);
      return { path: `${path}.${key}`, found: "an unknown key", allowed: known.join(", "), ...(nearest !== undefined && { hint: `probably "${nearest}"` }) };
    });
}
