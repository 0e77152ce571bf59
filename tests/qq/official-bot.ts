import type { QqControl } from "@revka/sandbox";
import { Bot, ReceiverMode, type GroupMessageEvent, type PrivateMessageEvent } from "qq-official-bot";
import { onTestFinished } from "vitest";

/** A message, as the library gives it to a program. */
export type OfficialMessage = PrivateMessageEvent | GroupMessageEvent;

/** A program on an independent library for QQ bots. */
export interface OfficialBot {
  readonly bot: Bot;
  /** Everything received so far. */
  readonly messages: readonly OfficialMessage[];
  /** The first message that no call has given yet, as soon as it comes. */
  readonly next: () => Promise<OfficialMessage>;
}

const HOSTS = /^https:\/\/(?:bots\.qq\.com|api\.sgroup\.qq\.com)/;

/** Starts the library as it is; only what it asks of QQ's hosts goes to `url`. Resolves when it is connected. It is gone with the test. */
export async function startOfficialBot({ url, appId, appSecret }: Pick<QqControl, "url" | "appId" | "appSecret">): Promise<OfficialBot> {
  const removeListeners = rememberProcessListeners();
  const bot = new Bot({
    appid: appId,
    secret: appSecret,
    sandbox: false,
    removeAt: true,
    logLevel: "off",
    // It connects again by two ways at once after a close; this leaves it the one that resumes.
    maxRetry: -1,
    intents: ["GROUP_AND_C2C_EVENT"],
    mode: ReceiverMode.WEBSOCKET,
  });
  onTestFinished(async () => {
    await bot.stop();
    removeListeners();
  });
  bot.request.defaults.baseURL = url;
  bot.request.interceptors.request.use((asked) => Object.assign(asked, { url: asked.url?.replace(HOSTS, url) }));
  const inbox = listenOn(bot);
  await bot.start();
  return { bot, ...inbox };
}

function listenOn(bot: Bot): Omit<OfficialBot, "bot"> {
  const messages: OfficialMessage[] = [];
  const wanted: PromiseWithResolvers<OfficialMessage>[] = [];
  const slot = (index: number): PromiseWithResolvers<OfficialMessage> => (wanted[index] ??= Promise.withResolvers());
  let given = 0;
  const receive = (message: OfficialMessage): void => {
    slot(messages.length).resolve(message);
    messages.push(message);
  };
  bot.on("message.private", receive);
  bot.on("message.group", receive);
  return { messages, next: () => slot(given++).promise };
}

/** The library listens for every error of the process, which would hide those of the tests; gives what ends that. */
function rememberProcessListeners(): () => void {
  const before = { exceptions: process.listeners("uncaughtException"), rejections: process.listeners("unhandledRejection") };
  return () => {
    for (const listener of process.listeners("uncaughtException")) if (!before.exceptions.includes(listener)) process.removeListener("uncaughtException", listener);
    for (const listener of process.listeners("unhandledRejection")) if (!before.rejections.includes(listener)) process.removeListener("unhandledRejection", listener);
  };
}
