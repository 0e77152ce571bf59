import { createContext, TransientError } from "@revka/core";
import { createManualClock, recordingLogger } from "@revka/core/testing";
import { describe, expect, it } from "vitest";
import { createBot, type BotIdentity } from "./bot.ts";

type Answer = () => Promise<unknown>;

function open(mentionOnly: boolean, ...answers: readonly Answer[]): { bot: BotIdentity; clock: ReturnType<typeof createManualClock>; logger: ReturnType<typeof recordingLogger>; calls: string[] } {
  const clock = createManualClock();
  const logger = recordingLogger();
  const calls: string[] = [];
  const waiting = [...answers];
  const call = (method: string, path: string): Promise<unknown> => {
    calls.push(`${method} ${path}`);
    return waiting.shift()?.() ?? Promise.reject(new TransientError("nothing left"));
  };
  const context = createContext("lark", { clock, logger, random: () => 0.5 });
  return { bot: createBot({ settings: { mentionOnly }, context, api: { call } }), clock, logger, calls };
}
const linesOf = ({ entries }: ReturnType<typeof recordingLogger>): string[] => entries.map(({ level, message }) => `${level}: ${message}`);

describe("createBot", () => {
  it("asks once, however often it is needed, and says whom it found (LARK-76)", async () => {
    const { bot, logger, calls } = open(true, () => Promise.resolve({ code: 0, bot: { open_id: "ou_bot" } }));
    await expect(Promise.all([bot.openId(), bot.openId()])).resolves.toEqual(["ou_bot", "ou_bot"]);
    await expect(bot.openId()).resolves.toBe("ou_bot");
    expect(calls).toEqual(["GET bot/v3/info"]);
    expect(linesOf(logger)).toEqual(["info: Lark: resolved bot open_id: ou_bot"]);
  });

  it("finds the id also where other answers have their data", async () => {
    const { bot } = open(true, () => Promise.resolve({ bot: { open_id: "ou_data" } }));
    await expect(bot.openId()).resolves.toBe("ou_data");
  });

  it("says what a missing id means, and asks again only after a while (LARK-76)", async () => {
    const { bot, clock, logger, calls } = open(true, () => Promise.resolve({ bot: { open_id: "" } }), () => Promise.resolve({ bot: { open_id: "ou_bot" } }));
    await expect(bot.openId()).resolves.toBeUndefined();
    await expect(bot.openId()).resolves.toBeUndefined();
    expect([linesOf(logger), calls.length]).toEqual([["warn: Lark: bot open_id missing from /bot/v3/info response; mention_only group messages will be ignored"], 1]);
    await clock.advance(6_000);
    await expect(bot.openId()).resolves.toBe("ou_bot");
  });

  it("says what a failed call means (LARK-76)", async () => {
    const { bot, logger } = open(true, () => Promise.reject(new TransientError("the network is down")));
    await expect(bot.openId()).resolves.toBeUndefined();
    expect(linesOf(logger)).toEqual(["warn: Lark: failed to resolve bot open_id: the network is down; mention_only group messages will be ignored"]);
  });

  it("says less where nobody needs it", async () => {
    const { bot, logger } = open(false, () => Promise.reject(new TransientError("the network is down")));
    await bot.openId();
    expect(linesOf(logger)).toEqual(["debug: Lark: failed to resolve bot open_id: the network is down"]);
  });

  it("asks nothing once it is aborted, and logs nothing", async () => {
    const { bot, logger, calls } = open(true);
    await expect(bot.openId(AbortSignal.abort())).resolves.toBeUndefined();
    expect([calls, linesOf(logger)]).toEqual([[], []]);
  });
});
