import { crashSuite } from "./house/crash-suite.ts";
import { mochatPeer } from "./peers/mochat-peer.ts";

crashSuite(mochatPeer);
