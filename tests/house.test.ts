import { houseSuite } from "./house/house-suite.ts";
import { sendSuite } from "./house/send-suite.ts";
import { dingtalkPeer } from "./peers/dingtalk-peer.ts";
import { mochatPeer } from "./peers/mochat-peer.ts";
import { qqPeer } from "./peers/qq-peer.ts";
import { wecomPeer } from "./peers/wecom-peer.ts";

houseSuite(dingtalkPeer);
houseSuite(mochatPeer);
houseSuite(qqPeer);
sendSuite(wecomPeer);
