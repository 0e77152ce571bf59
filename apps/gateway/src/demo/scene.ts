import type { Channel, Clock } from "@revka/core";
import type { SandboxClient } from "@revka/sandbox";

/** One thing that was said, and what came of it. */
export interface Exchange {
  readonly from: string;
  readonly said: string;
  readonly to: string;
  /** What arrived; empty when nothing did in time. */
  readonly arrived: readonly string[];
  readonly tookMs: number;
}

/** What a scene is played with. */
export interface SceneOptions {
  readonly client: SandboxClient;
  readonly channel: Channel;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Called as soon as each exchange is over. */
  readonly onExchange: (exchange: Exchange) => void;
}

/** How long an answer may take before the demo calls it lost. */
const PATIENCE_MS = 20_000;

const CONVERSATION = [
  ["user-1", "Hello! Is anybody there?"],
  ["user-1", "你好，世界 🌏"],
  ["user-2", "Lists, too:\n- one\n- two"],
] as const;

const ANNOUNCEMENT = "Build 41 is green.\n全部测试通过 ✅";

/** Plays one channel's part: people talk to it where it hears, otherwise it has something to say. True when all arrived. */
export async function playScene(options: SceneOptions): Promise<boolean> {
  const isAnswered: boolean[] = [];
  const scene = options.channel.capabilities.receive === "none" ? [announce] : CONVERSATION.map(([user, text]) => converse(user, text));
  for (const play of scene) {
    options.signal.throwIfAborted();
    const exchange = await play(options);
    options.onExchange(exchange);
    isAnswered.push(exchange.arrived.join("\n") === exchange.said);
  }
  return isAnswered.every(Boolean);
}

/** A user writes to the bot on the platform; the answer is read there, too. */
function converse(user: string, text: string) {
  return async ({ client, channel, clock, signal }: SceneOptions): Promise<Exchange> => {
    const { cursor } = await client.replies(channel.name, { user, signal });
    const startedAt = clock.monotonic();
    await client.say(channel.name, user, text);
    const { replies } = await client.replies(channel.name, { user, after: cursor, waitMs: PATIENCE_MS, signal });
    return { from: user, said: text, to: "bot", arrived: replies.map((reply) => reply.text), tookMs: clock.monotonic() - startedAt };
  };
}

/** The gateway writes first, as `revka channel send` does; the message is read in the platform's chat. */
async function announce({ client, channel, clock, signal }: SceneOptions): Promise<Exchange> {
  const { cursor } = await client.messages(channel.name, { signal });
  const startedAt = clock.monotonic();
  await channel.send({ target: { conversationId: "" }, text: ANNOUNCEMENT }, signal);
  const { messages } = await client.messages(channel.name, { after: cursor, waitMs: PATIENCE_MS, signal });
  return { from: "revka", said: ANNOUNCEMENT, to: "chat", arrived: messages.map((message) => message.text), tookMs: clock.monotonic() - startedAt };
}
