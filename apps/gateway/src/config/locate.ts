import { dirname, join, resolve } from "node:path";
import { firstSet, type Environment } from "./environment.ts";
import { isFolder } from "./read-file.ts";

/** Where the configuration is, and who said so. */
export interface ConfigPlace {
  /** Absolute path of the TOML file. */
  readonly file: string;
  /** The folder the file is in: relative paths in it and the gateway's state belong here. */
  readonly folder: string;
  /** Holds the `.env` file and what agents work with. */
  readonly workspace: string;
  readonly source: "--config" | "REVKA_CONFIG_DIR" | "REVKA_WORKSPACE" | "default";
}

/** What decides where the configuration is. */
export interface LocateOptions {
  /** `--config`: the file, or the folder it is in. */
  readonly option?: string | undefined;
  readonly environment: Environment;
  /** The user's home folder. */
  readonly home: string;
}

const FILE_NAME = "config.toml";

/** `--config` goes before `REVKA_CONFIG_DIR`, that before `REVKA_WORKSPACE` (both folders), that before `~/.revka`. */
export function locateConfig({ option, environment, home }: LocateOptions): ConfigPlace {
  const expand = (path: string): string => resolve(path.replace(/^~(?=\/|$)/, home));
  const place = (file: string, source: ConfigPlace["source"]): ConfigPlace => {
    const folder = dirname(file);
    return { file, folder, workspace: join(folder, "workspace"), source };
  };
  if (option !== undefined) {
    const path = expand(option);
    return place(isFolder(path) ? join(path, FILE_NAME) : path, "--config");
  }
  for (const source of ["REVKA_CONFIG_DIR", "REVKA_WORKSPACE"] as const) {
    const folder = firstSet(environment, [source])?.value;
    if (folder !== undefined) return place(join(expand(folder), FILE_NAME), source);
  }
  return place(join(home, ".revka", FILE_NAME), "default");
}
