import { createMochatChannel } from "@revka/channel-mochat";
import { replyTo, textOf } from "@revka/core";

const { MOCHAT_URL = "", MOCHAT_TOKEN = "" } = process.env;
const bot = createMochatChannel({ apiUrl: MOCHAT_URL, apiToken: MOCHAT_TOKEN, allowedUsers: ["*"] });

const stop = new AbortController();
process.once("SIGINT", () => stop.abort());

await bot.listen(async (message) => {
  await bot.send({ target: replyTo(message), text: `You said: ${textOf(message)}` });
  return "accepted";
}, stop.signal);
