import { channelContract } from "@revka/core/testing";
import { dingtalkContract, dingtalkRobotContract } from "./peers/dingtalk.ts";
import { feishuWebhookContract, larkContract } from "./peers/lark.ts";
import { mochatContract } from "./peers/mochat.ts";
import { qqContract } from "./peers/qq.ts";
import { wecomContract } from "./peers/wecom.ts";

channelContract(dingtalkContract);
channelContract(dingtalkRobotContract);
channelContract(feishuWebhookContract);
channelContract(larkContract);
channelContract(mochatContract);
channelContract(qqContract);
channelContract(wecomContract);
