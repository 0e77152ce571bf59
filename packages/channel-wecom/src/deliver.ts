import { isChannelError, type SendReceipt } from "@revka/core";
import type { WecomApi } from "./api.ts";
import type { CallOptions } from "./attempts.ts";
import { MEDIA_ID_INVALID, VOICE_REFUSED } from "./errors.ts";
import type { WecomPart, WecomUpload } from "./outbound.ts";

/** Posts one part of a message, its file uploaded first. The receipt is empty: the platform tells no ids. */
export async function deliver(api: WecomApi, part: WecomPart, options: CallOptions): Promise<SendReceipt> {
  if (part.kind === "message") await api.post(part.payload, options);
  else await deliverUpload(api, part.upload, options);
  return { messageIds: [] };
}

async function deliverUpload(api: WecomApi, upload: WecomUpload, options: CallOptions): Promise<void> {
  try {
    await uploadAndPost(api, upload, options);
  } catch (error) {
    const substitute = substituteFor(upload, error);
    if (substitute === undefined) throw error;
    await uploadAndPost(api, substitute, options);
  }
}

async function uploadAndPost(api: WecomApi, upload: WecomUpload, options: CallOptions): Promise<void> {
  const media = { media_id: await api.upload(upload, options) };
  await api.post(upload.type === "voice" ? { msgtype: "voice", voice: media } : { msgtype: "file", file: media }, options);
}

/** What to upload after such a refusal: the same once more if the platform lost it, a voice it does not like as a file. */
function substituteFor(upload: WecomUpload, error: unknown): WecomUpload | undefined {
  if (!isChannelError(error) || error.code !== "platform") return undefined;
  if (error.platformCode === MEDIA_ID_INVALID) return upload;
  return upload.type === "voice" && VOICE_REFUSED.has(error.platformCode) ? { ...upload, type: "file" } : undefined;
}
