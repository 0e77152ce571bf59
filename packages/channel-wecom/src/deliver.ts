import { isChannelError, type SendReceipt } from "@revka/core";
import type { WecomApi } from "./api.ts";
import type { CallOptions } from "./attempts.ts";
import { MEDIA_ID_INVALID } from "./errors.ts";
import type { WecomPart, WecomUpload } from "./outbound.ts";

/** Posts one part of a message, its file uploaded first. The receipt is empty: the platform tells no ids. */
export async function deliver(api: WecomApi, part: WecomPart, options: CallOptions): Promise<SendReceipt> {
  if (part.kind === "message") await api.post(part.payload, options);
  else await deliverUpload(api, part.upload, options);
  return { messageIds: [] };
}

async function deliverUpload(api: WecomApi, upload: WecomUpload, options: CallOptions): Promise<void> {
  const uploadAndPost = async (): Promise<void> => {
    const media = { media_id: await api.upload(upload, options) };
    await api.post(upload.type === "voice" ? { msgtype: "voice", voice: media } : { msgtype: "file", file: media }, options);
  };
  try {
    await uploadAndPost();
  } catch (error) {
    // The platform lost the upload: worth one more.
    if (!isChannelError(error) || error.code !== "platform" || error.platformCode !== MEDIA_ID_INVALID) throw error;
    await uploadAndPost();
  }
}
