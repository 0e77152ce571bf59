import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { PlatformName } from "@revka/sandbox";
import { describe, expect, it } from "vitest";
import { INDISCRETIONS, look, refuseCredentials, send, sendGarbage, spoilAll, takeCredentials, talk, talkInVain, RECIPIENTS } from "./life.ts";
import { diskOf, openPlantedHouse, type PlantedHouse } from "./planted-house.ts";
import { leaksIn } from "./search.ts";

const OGG = new TextEncoder().encode("OggS....");
const CHANNELS = Object.keys(RECIPIENTS) as readonly PlatformName[];

async function expectNoLeak(house: PlantedHouse): Promise<void> {
  const evidence = await house.collect();
  expect(leaksIn(evidence, house.canaries())).toEqual([]);
  // So that the search itself is known to work on this very evidence.
  for (const canary of house.canaries()) {
    const [where = ""] = evidence.texts.keys();
    const leaky = { ...evidence, texts: new Map([[where, `${evidence.texts.get(where) ?? ""}{"msg":"refused ${canary.value}"}\n`]]) };
    expect(leaksIn(leaky, [canary])).toHaveLength(1);
  }
}

describe("a daemon with a secret in every place that may hold one, at log level trace", { timeout: 180_000 }, () => {
  it("shows none in conversations, revoked tokens, refused sends and credentials, malformed frames, outages, a reload, kill -9 and a restart, nor what people write (X-1, X-3, X-4, X-6)", async () => {
    const house = await openPlantedHouse();
    const { sandbox, proxy, folder, planted, webhookUrl, run } = house;
    const { lark, feishu, dingtalk, qq } = sandbox;
    const first = await house.start();
    await Promise.all([lark.nextConnection(), dingtalk.nextConnection(), qq.nextLogin(), first.logged("listening on")]);
    expect(await feishu.useWebhook(webhookUrl)).toMatchObject({ isAccepted: true });
    await talk(house, first, "good morning");
    await look(house, first);
    expect(proxy.credentials.size).toBeGreaterThanOrEqual(CHANNELS.length);

    const transcribed = sandbox.faults.add({ platform: "mochat", path: "/transcribe", fault: { kind: "answer", status: 401, body: planted.valueOf("channels_config.lark.transcription.api_key").repeat(50) } });
    lark.say("ou_ann", { type: "audio", bytes: OGG, durationMs: 1_000 });
    await transcribed.struck;
    await lark.nextReply("ou_ann");

    for (const platform of [lark, feishu, qq]) platform.revokeTokens();
    dingtalk.revokeToken();
    await talk(house, first, "and again");
    await talkInVain(house, first);
    await run("inbox", "list", "--with-text");
    await run("inbox", "list", "--json", "--with-text");
    await sendGarbage(house);
    await look(house, first);

    await writeFile(join(folder, "config.toml"), planted.config.replaceAll(/^(\w*(?:secret|key|token|proxy_url|_proxy)) = "(.*)"$/gm, '$1 = ["$2"]'), { mode: 0o600 });
    await first.logged("The changed configuration is not applied");
    await writeFile(join(folder, "config.toml"), planted.config, { mode: 0o600 });

    await refuseCredentials(house, first);
    proxy.refuse(true);
    await Promise.all(CHANNELS.map((name) => send(house, first, name)));
    proxy.refuse(false);
    await sandbox.pause();
    const sends = CHANNELS.map((name) => send(house, first, name).catch(() => "it had ended before"));
    await first.logged("Mochat: poll request error");
    await look(house, first);
    first.signal("SIGKILL");
    expect(await first.ended).toBe("SIGKILL");
    await Promise.all(sends);
    await sandbox.resume();
    takeCredentials(house);

    await writeFile(join(folder, "config.toml"), `${planted.config}\n[log]\nformat = "pretty"\n`, { mode: 0o600 });
    const second = await house.start();
    await Promise.all([lark.nextConnection(), dingtalk.nextConnection(), qq.nextLogin()]);
    await talk(house, second, "good evening");
    second.signal("SIGTERM");
    expect(await second.ended).toBe(0);
    await expectNoLeak(house);
    expect(first.output() + second.output()).not.toMatch(/good morning|and again|in vain|good evening/);
    const { database, modes } = diskOf(folder);
    expect(leaksIn(database, house.canaries())).toEqual([]);
    expect(house.canaries().map(({ name }) => name)).toEqual(expect.arrayContaining(["ops_token", ".state_key", "an access token", "a ticket", "a session webhook"]));
    for (const [name, mode] of Object.entries(modes)) expect([name, (mode & 0o077).toString(8)]).toEqual([name, "0"]);
  });

  it.each(INDISCRETIONS)("shows none of what platforms say of it that know no discretion: $title (X-1, X-3)", async ({ fault, isFinal }) => {
    const house = await openPlantedHouse();
    const { run, knownTo } = house;
    const spoilt = spoilAll(house, (platform) => fault(knownTo(platform)));
    const daemon = await house.start();
    const sends = CHANNELS.map((name) => send(house, daemon, name).catch(() => "it had ended before"));
    await Promise.all(spoilt.map(({ struck }) => struck));
    if (isFinal === true) await Promise.all(sends);
    await look(house, daemon);
    for (const args of [["status"], ["status", "--json"]]) await run(...args);
    daemon.signal("SIGKILL");
    await Promise.all([daemon.ended, ...sends]);
    for (const args of [["channel", "doctor", "--json"], ["--log-level", "trace", "doctor"], ["--log-level", "trace", "channel", "send", "hello", "--channel-id", "mochat", "--recipient", "user-1"]]) await run(...args);
    await expectNoLeak(house);
  });
});
