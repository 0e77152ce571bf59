import type { HousePeer, HousePlatform, Said } from "./peer.ts";

/** Users 1 to `users` write each of the texts, by turns; gives what was said, in order. */
export async function everybodySays(platform: HousePlatform, users: number, texts: readonly string[]): Promise<Said[]> {
  const said: Said[] = [];
  for (const words of texts) {
    for (let user = 1; user <= users; user += 1) {
      const [userId, text] = [`user-${user}`, `${words} of user ${user}`];
      said.push({ id: await platform.say(userId, text), userId, text });
    }
  }
  return said;
}

/** Delivers all that again, in order. */
export async function redeliverAll(platform: HousePlatform, said: readonly Said[]): Promise<void> {
  for (const message of said) await platform.redeliver(message);
}

/** Sees to it that what was said while perhaps nobody was connected comes once somebody is. */
export async function bringLater({ keepsForAbsent }: HousePeer, platform: HousePlatform, said: readonly Said[]): Promise<void> {
  if (keepsForAbsent) return;
  await platform.connected();
  await redeliverAll(platform, said);
}

/** `count` different texts. */
export function texts(count: number, words = "message"): string[] {
  return Array.from({ length: count }, (_, index) => `${words} ${index + 1}`);
}

/** What an agent that echoes posts for all that, by user, in order. */
export function echoesOf(said: readonly Said[]): ReadonlyMap<string, readonly string[]> {
  const byUser = Map.groupBy(said, ({ userId }) => userId);
  return new Map([...byUser].map(([userId, messages]) => [userId, messages.map(({ text }) => text)]));
}

/** Resolves once the echo of each message was posted, whatever else was. */
export async function allEchoed(platform: HousePlatform, said: readonly Said[]): Promise<void> {
  const readAll = async (userId: string, expected: readonly string[]): Promise<void> => {
    const missing = new Set(expected);
    while (missing.size > 0) missing.delete(await platform.nextAnswer(userId));
  };
  await Promise.all([...echoesOf(said)].map(([userId, expected]) => readAll(userId, expected)));
}
