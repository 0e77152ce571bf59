import assert from "node:assert/strict";
import { createQqChannel } from "@revka/channel-qq";
import { replyTo, textOf } from "@revka/core";
import { startSandbox } from "@revka/sandbox";

await using sandbox = await startSandbox(); // any free port of this machine
const { qq } = sandbox;

const bot = createQqChannel({ appId: qq.appId, appSecret: qq.appSecret, baseUrl: qq.url, allowedUsers: ["*"] });
const stop = new AbortController();
const listening = bot.listen(async (message) => {
  await bot.send({ target: replyTo(message), text: textOf(message).toUpperCase() });
  return "accepted";
}, stop.signal);

await qq.nextLogin(); // who is not logged in hears nothing
qq.say("USER_1", "where is my order?");
assert.equal((await qq.nextReply("USER_1")).text, "WHERE IS MY ORDER?");

stop.abort();
await listening;
