import { recordingLogger } from "@revka/core/testing";
import { createGateway } from "@revka/gateway";
import type { Sandbox } from "@revka/sandbox";
import { describe, expect, it } from "vitest";
import { DEFINITIONS } from "../house/definitions.ts";
import type { HousePeer } from "../house/peer.ts";
import { dingtalkPeer } from "../peers/dingtalk-peer.ts";
import { feishuPeer } from "../peers/feishu-peer.ts";
import { larkPeer } from "../peers/lark-peer.ts";
import { testSettings } from "../support/settings.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { openSandbox } from "../support/sections.ts";

/** The channels that tell their platform of each message that they have it, and how the platform shows that. */
const ACKNOWLEDGING: readonly (readonly [HousePeer, (sandbox: Sandbox, id: string) => Promise<boolean>])[] = [
  [
    dingtalkPeer,
    async ({ dingtalk }, id) => {
      for (;;) {
        const { msgId, counts } = await dingtalk.nextAck();
        if (msgId === id) return counts;
      }
    },
  ],
  [
    larkPeer,
    async ({ lark }, id) => {
      for (;;) {
        const ack = await lark.nextAck();
        if (ack.id === id) return ack.counts;
      }
    },
  ],
  [
    feishuPeer,
    async ({ feishu }, id) => {
      for (;;) {
        const post = await feishu.nextPost();
        if (post.id === id) return post.isAccepted;
      }
    },
  ],
];

describe("a gateway that begins to stop between taking a message and saying so", () => {
  it.each(ACKNOWLEDGING)("says so before it closes the connection: $name", async (peer, acknowledged) => {
    const sandbox = await openSandbox();
    const platform = peer.platformIn(sandbox);
    const stopped = Promise.withResolvers<Promise<void>>();
    const logger = recordingLogger();
    const gateway = await createGateway({
      folder: await tempFolder(),
      settings: testSettings(),
      logger,
      createChannels: (contextOf) => DEFINITIONS[peer.name].create(platform.sections(100), contextOf),
      observer: ({ step }) => step === "accepted" && stopped.resolve(gateway.stop()),
    });
    await gateway.start();
    await platform.connected();
    const id = await platform.say("user-1", "hello");
    const isAcknowledged = acknowledged(sandbox, id);
    await stopped.promise;
    expect(await isAcknowledged).toBe(true);
    expect(logger.entries.filter(({ level }) => level === "warn" || level === "error")).toEqual([]);
  });
});
