import * as v from "valibot";
import { LIMITS } from "./limits.ts";
import { type NewRefusal, refuseCall } from "./refusal.ts";
import type { ReadMessage } from "./webhook-message.ts";

const filled = v.pipe(v.string(), v.nonEmpty());
const digits = v.pipe(v.string(), v.digits());

/** Parameters of each message template ("机器人发送消息的类型"). */
const PARAMS: ReadonlyMap<string, v.GenericSchema<unknown, Record<string, unknown>>> = new Map<string, v.GenericSchema<unknown, Record<string, unknown>>>([
  ["sampleText", v.looseObject({ content: filled })],
  ["sampleMarkdown", v.looseObject({ title: filled, text: filled })],
  ["sampleImageMsg", v.looseObject({ photoURL: filled })],
  ["sampleLink", v.looseObject({ title: filled, text: filled, messageUrl: filled })],
  ["sampleAudio", v.looseObject({ mediaId: filled, duration: digits })],
  ["sampleFile", v.looseObject({ mediaId: filled, fileName: filled, fileType: v.picklist(["xlsx", "pdf", "zip", "rar", "doc", "docx"]) })],
  ["sampleVideo", v.looseObject({ duration: digits, videoMediaId: filled, videoType: v.literal("mp4"), picMediaId: filled })],
  ["sampleActionCard", v.looseObject({ title: filled, text: filled, singleTitle: filled, singleURL: filled })],
]);

/** Types that an upload must have had to stand under a key. */
const MEDIA_TYPES: Readonly<Record<string, string>> = { photoURL: "image", picMediaId: "image", videoMediaId: "video" };

/** Reads `msgKey` and `msgParam`, or says no with the platform's code. */
export function readRobotMessage(msgKey: string, msgParam: string, typeOfMedia: (mediaId: string) => string | undefined): ReadMessage | NewRefusal {
  if (Buffer.byteLength(msgParam) > LIMITS.msgParamBytes) return refuseCall(400, "invalidParameter.msgParam.tooLong");
  const schema = PARAMS.get(msgKey);
  if (schema === undefined) return refuseCall(400, "invalidParameter.msgKey.notExist", `no message template ${msgKey}`);
  const result = v.safeParse(v.pipe(v.string(), v.parseJson(), schema), msgParam);
  if (!result.success) return refuseCall(400, "invalidParameter.msgParam", `msgParam.${v.getDotPath(result.issues[0]) ?? ""} is missing or invalid`);
  const param = result.output;
  const bad = badMedia(msgKey, param, typeOfMedia);
  if (bad !== undefined) return refuseCall(400, "invalidParameter.mediaId", `${bad} is no media of this app and kind`);
  const { title, text = param["content"] } = param;
  return { kind: msgKey, title: typeof title === "string" ? title : "", text: typeof text === "string" ? text : "", mentioned: [], payload: param };
}

/** The key of a media id that was not uploaded, or as another type. */
function badMedia(msgKey: string, param: Readonly<Record<string, unknown>>, typeOfMedia: (mediaId: string) => string | undefined): string | undefined {
  return ["photoURL", "mediaId", "videoMediaId", "picMediaId"].find((key) => {
    const id = param[key];
    if (typeof id !== "string" || (key === "photoURL" && /^https?:/.test(id))) return false;
    return typeOfMedia(id) !== (MEDIA_TYPES[key] ?? (msgKey === "sampleAudio" ? "voice" : "file"));
  });
}
