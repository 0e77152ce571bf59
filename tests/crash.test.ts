import { crashSuite } from "./house/crash-suite.ts";
import { dingtalkPeer } from "./peers/dingtalk-peer.ts";
import { feishuPeer } from "./peers/feishu-peer.ts";
import { larkPeer } from "./peers/lark-peer.ts";
import { mochatPeer } from "./peers/mochat-peer.ts";
import { qqPeer } from "./peers/qq-peer.ts";

crashSuite(dingtalkPeer);
crashSuite(feishuPeer);
crashSuite(larkPeer);
crashSuite(mochatPeer);
crashSuite(qqPeer);
