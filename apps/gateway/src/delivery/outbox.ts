import { mkdirSync } from "node:fs";
import type { Logger } from "@revka/core";

/** Creates the folders that agents may send files from, where they are missing, for their owner alone. */
export function createOutbox(roots: readonly string[], logger: Logger): void {
  for (const root of roots) {
    try {
      mkdirSync(root, { recursive: true, mode: 0o700 });
    } catch (error) {
      logger.warn({ component: "media", root, error }, "A folder for files of agents cannot be created; nothing is sent from it");
    }
  }
}
