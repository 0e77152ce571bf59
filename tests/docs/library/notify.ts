import { createWecomChannel } from "@revka/channel-wecom";
import { isChannelError } from "@revka/core";

const { WECOM_KEY = "", WECOM_URL = "https://qyapi.weixin.qq.com" } = process.env;
const group = createWecomChannel({ webhookKey: WECOM_KEY, baseUrl: WECOM_URL });

try {
  await group.send({ target: { conversationId: "" }, text: "Deploy 41 is finished." });
} catch (error) {
  if (!isChannelError(error)) throw error;
  process.stderr.write(`${error.message}\n`);
  // "auth": the key is wrong. "rate-limit": wait error.retryAfterMs. "unknown-outcome": it may have arrived.
  process.exitCode = error.code === "auth" ? 78 : 1;
}
