import type { HousePlatform } from "../house/peer.ts";
import type { LarkControl } from "@revka/sandbox";

/** What the house suite does at Lark and at Feishu alike. */
export type LarkTalk = Pick<HousePlatform, "say" | "redeliver" | "answers" | "nextAnswer" | "insist" | "showRepeats">;

/**
 * Talks to a bot on this platform.
 *
 * @param insistMs - how soon what nobody acknowledges comes again, where the platform insists.
 */
export function talkOn(platform: LarkControl, insistMs: number): LarkTalk {
  return {
    say: (userId, text) => platform.say(openIdOf(userId), text),
    redeliver: ({ id }) => void platform.redeliver(id),
    answers() {
      const byUser = Map.groupBy(platform.sent, ({ user }) => userIdOf(user));
      return new Map([...byUser].map(([user, sent]) => [user, sent.map(({ text }) => text)]));
    },
    async nextAnswer(userId) {
      const { messageId } = await platform.nextReply(openIdOf(userId));
      // A card may still be growing.
      return (await platform.awaitSent((sent) => sent.messageId === messageId && !sent.isStreaming)).text;
    },
    // Thousands of answers in a minute are more than one app may post.
    insist: () => platform.behave({ retryAfterMs: Array.from({ length: 1_000 }, () => insistMs), callsPerSecond: 10_000, callsPerMinute: 10_000 }),
    showRepeats: () => undefined, // the channel counts on the `uuid`
  };
}

/** The suite's users have ids of no platform. */
function openIdOf(userId: string): string {
  return `ou_${userId.replace("-", "_")}`;
}

function userIdOf(openId: string): string {
  return openId.replace(/^ou_/, "").replace("_", "-");
}
