import { crashSuite } from "./house/crash-suite.ts";
import { dingtalkPeer } from "./peers/dingtalk-peer.ts";
import { mochatPeer } from "./peers/mochat-peer.ts";
import { qqPeer } from "./peers/qq-peer.ts";

crashSuite(dingtalkPeer);
crashSuite(mochatPeer);
crashSuite(qqPeer);
