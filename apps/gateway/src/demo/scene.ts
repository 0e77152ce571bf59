import type { Channel, Clock } from "@revka/core";
import type { SandboxClient, SandboxContent, SandboxReply, Speaker } from "@revka/sandbox";
import { PICTURE, SEEN } from "../agents/demo.ts";

/** One thing that was said, and what came of it. */
export interface Exchange {
  readonly from: string;
  /** The group that it was said in; absent in private. */
  readonly group?: string;
  readonly said: string;
  readonly to: string;
  /** What arrived; empty when nothing did in time. */
  readonly arrived: readonly string[];
  readonly tookMs: number;
  /** How often the answer changed while it grew. */
  readonly updates?: number;
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

/** What people say: the first one the first lines, the next one the next. */
const LINES = [["Hello! Is anybody there?", "你好，世界 🌏"], ["Lists, too:\n- one\n- two"]] as const;

/** How a picture that somebody sends is shown. */
const A_PICTURE = "🖼  a picture";

const ANNOUNCEMENT = "Build 41 is green.\n全部测试通过 ✅";

/** Plays one channel's part: people talk to it where it hears, otherwise it has something to say. True when all arrived. */
export async function playScene(options: SceneOptions): Promise<boolean> {
  const isAnswered: boolean[] = [];
  for (const play of await sceneFor(options)) {
    options.signal.throwIfAborted();
    const exchange = await play(options);
    options.onExchange(exchange);
    isAnswered.push(isRight(exchange));
  }
  return isAnswered.length > 0 && isAnswered.every(Boolean);
}

type Play = (options: SceneOptions) => Promise<Exchange>;

async function sceneFor({ client, channel, signal }: SceneOptions): Promise<readonly Play[]> {
  if (channel.capabilities.receive === "none") return [announce];
  const { platforms } = await client.info(signal);
  const { scenes: speakers = [], picture } = platforms.find(({ name }) => name === channel.name) ?? {};
  const [first] = speakers;
  const takesPictures = channel.capabilities.mediaOut.includes("image");
  return [
    ...speakers.flatMap((speaker, index) => (LINES[index] ?? LINES[0]).map((text) => converse(speaker, text))),
    ...(takesPictures && first !== undefined ? [converse(first, PICTURE)] : []),
    ...(picture !== undefined && first !== undefined ? [converse(first, picture)] : []),
  ];
}

function isRight({ said, arrived }: Exchange): boolean {
  if (said === PICTURE) return isPicture(arrived);
  return said === A_PICTURE ? arrived.join("\n").startsWith(SEEN) : arrived.join("\n") === said;
}

/** Each platform shows a picture in its own way; all that is common is that something arrives, and no excuse. */
function isPicture(arrived: readonly string[]): boolean {
  return arrived.length > 0 && !arrived.some((text) => text.startsWith("(attachment not sent"));
}

/** A reply as a line: a file alone by its size. */
function shown({ text, media }: SandboxReply): string {
  return text.trim() === "" && media !== undefined ? `🖼  a file of ${media.size} bytes` : text;
}

/** A user writes to the bot on the platform; the answer is read there, too. */
function converse(speaker: Speaker, what: string | SandboxContent): Play {
  const { user, group } = speaker;
  const place = group === undefined ? { user } : { group };
  return async ({ client, channel, clock, signal }) => {
    const { cursor } = await client.replies(channel.name, { ...place, signal });
    const startedAt = clock.monotonic();
    await client.say(channel.name, speaker, what);
    const { replies } = await client.replies(channel.name, { ...place, after: cursor, waitMs: PATIENCE_MS, signal });
    const arrived = replies.map(shown);
    return { from: user, ...(group !== undefined && { group }), said: typeof what === "string" ? what : A_PICTURE, to: "bot", arrived, updates: replies.reduce((sum, { updates = 0 }) => sum + updates, 0), tookMs: clock.monotonic() - startedAt };
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
