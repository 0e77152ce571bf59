import { startSandbox, type Sandbox } from "@revka/sandbox";
import type { GatewayStep } from "@revka/gateway";
import { describe, expect, it, onTestFinished } from "vitest";
import { startChild, type Child } from "./support/child.ts";
import { testSettings } from "./support/settings.ts";
import { tempFolder } from "./support/temp-folder.ts";

const STEPS: readonly GatewayStep[] = ["received", "accepted", "agent-started", "replied", "part-sent", "part-recorded", "settled"];

interface House {
  readonly sandbox: Sandbox;
  start(killAt?: { step: GatewayStep; nth: number }): Child;
}

async function openHouse(settings = testSettings()): Promise<House> {
  const sandbox = await startSandbox();
  onTestFinished(() => sandbox.close());
  const folder = await tempFolder();
  const { url: apiUrl, token: apiToken } = sandbox.mochat;
  return { sandbox, start: (killAt) => startChild({ folder, apiUrl, apiToken, settings, ...(killAt && { killAt }) }) };
}

/** Every user writes `count` messages; gives what each is to get back, in order. */
function everybodySays({ mochat }: Sandbox, users: number, count: number): ReadonlyMap<string, readonly string[]> {
  const said = new Map<string, string[]>();
  for (let n = 1; n <= count; n += 1) {
    for (let user = 1; user <= users; user += 1) {
      const [id, text] = [`user-${user}`, `message ${n} of user ${user}`];
      mochat.say(id, text);
      said.set(id, [...(said.get(id) ?? []), text]);
    }
  }
  return said;
}

/** Lets `child` run until as many answers have come as questions were asked, stops it, and gives all that came, by user. */
async function answersBy(child: Child, { mochat }: Sandbox, said: ReadonlyMap<string, readonly string[]>): Promise<ReadonlyMap<string, readonly string[]>> {
  await Promise.all([...said].flatMap(([user, texts]) => texts.map(() => mochat.nextReply(user))));
  child.kill("SIGTERM");
  expect(await child.ended).toBe(0);
  return new Map([...said.keys()].map((user) => [user, mochat.sent.filter((sent) => sent.userId === user).map((sent) => sent.text)]));
}

describe("a gateway that is killed with -9", () => {
  it.each(STEPS)("answers every message once and in order after a restart, killed at the step %s", async (step) => {
    const { sandbox, start } = await openHouse();
    const said = everybodySays(sandbox, 5, 4);
    expect(await start({ step, nth: 7 }).ended).toBe("SIGKILL");

    expect(await answersBy(start(), sandbox, said)).toEqual(said);
  }, 60_000);

  it("sends no part again whose receipt it had, also where the platform drops no repeats", async () => {
    const { sandbox, start } = await openHouse();
    sandbox.mochat.behave({ idempotency: false });
    const said = everybodySays(sandbox, 5, 4);
    expect(await start({ step: "part-recorded", nth: 7 }).ended).toBe("SIGKILL");

    const answers = await answersBy(start(), sandbox, said);
    // Only sends that were under way in that very moment may show twice: one per conversation at most.
    const repeats = [...answers].map(([user, texts]) => texts.length - (said.get(user)?.length ?? 0));
    expect(Math.max(...repeats)).toBeLessThanOrEqual(1);
    for (const [user, texts] of answers) expect([...new Set(texts)]).toEqual(said.get(user));
  }, 60_000);

  it("loses none of thousands of messages, however often it is killed under load", async () => {
    const { sandbox, start } = await openHouse();
    const said = everybodySays(sandbox, 300, 10);
    for (const nth of [200, 500, 700]) expect(await start({ step: "settled", nth }).ended).toBe("SIGKILL");

    expect(await answersBy(start(), sandbox, said)).toEqual(said);
  }, 120_000);

  it("finishes what it is doing on SIGTERM, and leaves the rest to the next start", async () => {
    const { sandbox, start } = await openHouse(testSettings({ agent: { delayMs: 300 }, dispatch: { maxInFlight: 4 } }));
    const said = everybodySays(sandbox, 20, 2);
    const first = start();
    await sandbox.mochat.nextReply("user-1");
    first.kill("SIGTERM");
    expect(await first.ended).toBe(0);
    const before = sandbox.mochat.sent.length;
    expect(before).toBeLessThan(40);

    const second = start();
    await Promise.all([...said].flatMap(([user, texts]) => texts.slice(user === "user-1" ? 1 : 0).map(() => sandbox.mochat.nextReply(user))));
    second.kill("SIGTERM");
    await second.ended;
    expect(sandbox.mochat.sent.map((sent) => sent.text).sort()).toEqual([...said.values()].flat().sort());
  }, 60_000);
});
