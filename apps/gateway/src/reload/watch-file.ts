import { watch } from "node:fs";
import { basename, dirname } from "node:path";

/** What to do about a file that is watched. */
export interface FileWatcher {
  /** It may have changed, more than once for one change. */
  readonly onChange: () => void;
  /** It is not watched, or no longer. */
  readonly onError: (error: unknown) => void;
}

/** Watches a file by its folder, since editors put a new file in the place of the old; until it is disposed. Never throws. */
export function watchFile(file: string, { onChange, onError }: FileWatcher): Disposable {
  const name = basename(file);
  try {
    const watcher = watch(dirname(file), { persistent: false }, (_event, changed) => {
      if (changed === null || changed === name) onChange();
    });
    watcher.on("error", onError);
    return { [Symbol.dispose]: () => watcher.close() };
  } catch (error) {
    onError(error);
    return { [Symbol.dispose]: () => undefined };
  }
}
