import { channelContract } from "@revka/core/testing";
import { mochatContract } from "./peers/mochat.ts";
import { wecomContract } from "./peers/wecom.ts";

channelContract(mochatContract);
channelContract(wecomContract);
