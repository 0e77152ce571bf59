import { createWecomChannel } from "@revka/channel-wecom";
import type { Channel, ChannelContext, ReplyTarget } from "@revka/core";
import type { Sandbox } from "@revka/sandbox";
import type { HousePeer } from "../house/peer.ts";
import { dingtalkPeer } from "../peers/dingtalk-peer.ts";
import { feishuPeer } from "../peers/feishu-peer.ts";
import { larkPeer } from "../peers/lark-peer.ts";
import { mochatPeer } from "../peers/mochat-peer.ts";
import { qqPeer } from "../peers/qq-peer.ts";

/** A receiving channel that takes a `proxy_url`: one line makes it part of every suite here. */
export interface ProxyPeer {
  readonly peer: HousePeer;
  /** The acceptance rows of its `proxy_url`, besides GW-09. */
  readonly rows: string;
  /** Absent where the platform has none. */
  readonly pictures?: Pictures;
  /** It calls its platform to answer, and otherwise never. */
  readonly callsOnlyToAnswer?: true;
}

/** Pictures between user-1 and the bot. */
export interface Pictures {
  /** The user sends one. */
  readonly send: (sandbox: Sandbox, bytes: Buffer) => void;
  /** How many bytes the one has that the bot posts, once it is there. */
  readonly posted: (sandbox: Sandbox) => Promise<number | undefined>;
}

/** Lark receives over its long connection, Feishu through the webhook. */
export const PEERS: readonly ProxyPeer[] = [
  { peer: larkPeer, rows: "LARK-25", pictures: larkPictures("lark") },
  { peer: feishuPeer, rows: "LARK-25", pictures: larkPictures("feishu"), callsOnlyToAnswer: true },
  { peer: dingtalkPeer, rows: "DT-10, F-25", pictures: dingtalkPictures() },
  { peer: qqPeer, rows: "QQ-10", pictures: qqPictures() },
  { peer: mochatPeer, rows: "MOCHAT-44" },
];

/** A channel that takes a `proxy_url` and only sends. */
export interface ProxySendPeer {
  readonly name: string;
  /** The acceptance rows of its `proxy_url`, besides GW-09. */
  readonly rows: string;
  readonly create: (sandbox: Sandbox, proxyUrl: URL, context: ChannelContext) => Channel;
  readonly target: ReplyTarget;
  /** What was posted: texts as they are, files by their kind. */
  readonly posted: (sandbox: Sandbox) => readonly string[];
}

export const SEND_PEERS: readonly ProxySendPeer[] = [
  {
    name: "wecom",
    rows: "WECOM-27",
    create: ({ wecom }, proxyUrl, context) => createWecomChannel({ webhookKey: wecom.key, baseUrl: wecom.url, proxyUrl }, context),
    target: { conversationId: "" },
    posted: ({ wecom }) => wecom.sent().map(({ msgtype, text }) => (text === "" ? msgtype : text)),
  },
];

function larkPictures(name: "lark" | "feishu"): Pictures {
  return {
    send: ({ [name]: platform }, bytes) => void platform.say("ou_user_1", { type: "image", bytes }),
    posted: async ({ [name]: platform }) => (await platform.nextReply("ou_user_1")).media?.size,
  };
}

function dingtalkPictures(): Pictures {
  return {
    send: ({ dingtalk }, bytes) => void dingtalk.say("user-1", { msgtype: "picture", bytes }),
    async posted({ dingtalk }) {
      await dingtalk.nextReply("user-1");
      return dingtalk.uploads[0]?.bytes.length;
    },
  };
}

function qqPictures(): Pictures {
  return {
    send: ({ qq }, bytes) => void qq.say("user-1", { attachments: [{ kind: "image", bytes }] }),
    async posted({ qq }) {
      await qq.nextReply("user-1");
      return qq.uploads[0]?.bytes.length;
    },
  };
}
