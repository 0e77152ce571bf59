import { houseSuite } from "./house/house-suite.ts";
import { sendSuite } from "./house/send-suite.ts";
import { dingtalkPeer } from "./peers/dingtalk-peer.ts";
import { feishuPeer } from "./peers/feishu-peer.ts";
import { larkPeer } from "./peers/lark-peer.ts";
import { mochatPeer } from "./peers/mochat-peer.ts";
import { qqPeer } from "./peers/qq-peer.ts";
import { wecomPeer } from "./peers/wecom-peer.ts";

houseSuite(dingtalkPeer);
houseSuite(feishuPeer);
houseSuite(larkPeer);
houseSuite(mochatPeer);
houseSuite(qqPeer);
sendSuite(wecomPeer);
