import { setImmediate } from "node:timers/promises";
import type { LarkControl, LarkTwist, Sandbox } from "@revka/sandbox";
import { onTestFinished } from "vitest";
import type { HousePeer, HousePlatform, Malformed } from "../house/peer.ts";
import { freePort } from "../support/port.ts";
import { BAD_EVENTS, BAD_TEXTS } from "./lark-malformed.ts";
import { REFUSALS } from "./lark-refusals.ts";
import { talkOn } from "./lark-talk.ts";

const SECRETS = { encryptKey: "an encrypt key", verificationToken: "a verification token" } as const;

/** More than the 512 KiB that a channel takes in one request. */
const OVERLARGE = "x".repeat(524_289);

/** Feishu through the webhook, on the sandbox, for the house suite. */
export const feishuPeer: HousePeer = {
  name: "feishu",
  dropsRepeats: true,
  keepsForAbsent: false,
  platformIn,
  sends: REFUSALS,
  outages: [
    {
      title: "does not take calls",
      async begin(sandbox) {
        await sandbox.pause();
        return { met: Promise.resolve(), end: () => sandbox.resume() };
      },
    },
    {
      title: "refuses a secret that it accepted before",
      begin({ feishu }) {
        const { appSecret } = feishu.credentials;
        feishu.accept({ appSecret: "another secret" });
        feishu.revokeTokens();
        // It goes on delivering: only answers meet this.
        return { met: Promise.resolve(), end: () => feishu.accept({ appSecret }) };
      },
    },
  ],
  malformed: [
    ...BAD_TEXTS.map(([title, body]) => posted(title, { body })),
    posted("a body over the cap", { body: OVERLARGE }),
    posted("what another key has encrypted", { encryptKey: "another key" }),
    posted("not encrypted", { isPlain: true }),
    posted("an event with another's signature", { headers: { "x-lark-signature": "0".repeat(64) } }),
    posted("an event without a signature", { headers: { "x-lark-signature": "" } }),
    posted("an event of an hour ago", { timestamp: 1 }),
    posted("an event in another type of content", { headers: { "content-type": "text/plain" } }),
    ...BAD_EVENTS.map(([title, event]): Malformed => ({ title, deliver: ({ feishu }) => void feishu.push(event) })),
  ],
};

function platformIn({ feishu }: Sandbox): HousePlatform {
  const port = freePort();
  feishu.accept(SECRETS);
  const { appId, appSecret } = feishu.credentials;
  return {
    ...talkOn(feishu, 1_000), // each is a request, refused or not
    sections: () => ({ feishu: { appId, appSecret, ...SECRETS, region: "feishu", receiveMode: "webhook", port, baseUrl: feishu.url, allowedUsers: ["*"] } }),
    secrets: [appSecret, ...Object.values(SECRETS)],
    connected: () => connected(feishu, `http://127.0.0.1:${port}/feishu`),
  };
}

/** Posts the challenge until somebody answers it. */
async function connected(feishu: LarkControl, url: string): Promise<void> {
  const over = new AbortController();
  onTestFinished(() => over.abort());
  while (!(await feishu.useWebhook(url)).isAccepted) await setImmediate(undefined, { signal: over.signal });
}

/** A request like this. */
function posted(title: string, twist: LarkTwist): Malformed {
  return {
    title,
    async deliver({ feishu }) {
      await feishu.post("{}", twist);
    },
  };
}
