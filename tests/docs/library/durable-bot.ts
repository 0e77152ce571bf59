import { DatabaseSync } from "node:sqlite";
import { createDingtalkChannel } from "@revka/channel-dingtalk";
import { createContext, replyTo, textOf, type Json, type Logger, type Store, type StoreOptions } from "@revka/core";

/** Sessions and cursors in a file, so that a restart forgets nothing. */
function openStore(file: string): Store {
  const database = new DatabaseSync(file);
  database.exec("CREATE TABLE IF NOT EXISTS state (key TEXT PRIMARY KEY, value TEXT NOT NULL, ends INTEGER NOT NULL) STRICT");
  const read = database.prepare("SELECT value FROM state WHERE key = ? AND ends > ?");
  const write = database.prepare("INSERT INTO state VALUES (?, ?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value, ends = excluded.ends");
  const remove = database.prepare("DELETE FROM state WHERE key = ?");
  const get = (key: string): Json | undefined => {
    const row = read.get(key, Date.now());
    return row === undefined ? undefined : (JSON.parse(String(row["value"])) as Json);
  };
  const set = (key: string, value: Json, { ttlMs = 1e12 }: StoreOptions = {}): void => {
    write.run(key, JSON.stringify(value), Date.now() + ttlMs);
  };
  return {
    get: (key) => Promise.resolve(get(key)),
    set(key, value, options) {
      set(key, value, options);
      return Promise.resolve();
    },
    setIfAbsent(key, value, options) {
      const isAbsent = get(key) === undefined;
      if (isAbsent) set(key, value, options);
      return Promise.resolve(isAbsent);
    },
    delete: (key) => Promise.resolve(void remove.run(key)),
  };
}

const print = (fields: object, text: string): unknown => process.stderr.write(`${text} ${JSON.stringify(fields)}\n`);
const logger: Logger = { error: print, warn: print, info: print, debug: () => undefined, trace: () => undefined };

const { DINGTALK_ID = "", DINGTALK_SECRET = "", DINGTALK_URL = "https://api.dingtalk.com", STATE_FILE = "bot.sqlite" } = process.env;
const bot = createDingtalkChannel(
  { clientId: DINGTALK_ID, clientSecret: DINGTALK_SECRET, baseUrl: DINGTALK_URL, allowedUsers: ["*"] },
  createContext("dingtalk", { logger, store: openStore(STATE_FILE) }),
);

const stop = new AbortController();
process.once("SIGINT", () => stop.abort());

await bot.listen((message) => {
  // Not awaited: DingTalk gets its acknowledgment at once, and the answer may take its time.
  bot.send({ target: replyTo(message), text: `You said: ${textOf(message)}` }).catch((error: unknown) => print({}, String(error)));
  return Promise.resolve("accepted");
}, stop.signal);
