import { isChannelError, sniffMediaType, withToken, type Channel, type TokenSource } from "@revka/core";
import * as v from "valibot";
import type { DingtalkApi } from "./api.ts";
import type { DingtalkSettings } from "./config.ts";

const refSchema = v.object({ downloadCode: v.string(), robotCode: v.optional(v.string()) });

/** What fetching needs. */
export interface DownloadMeans {
  readonly settings: DingtalkSettings;
  readonly api: DingtalkApi;
  readonly tokens: TokenSource;
}

/** Fetches attachments. Their codes do not last, so it is best done soon. */
export function createDownload({ settings, api, tokens }: DownloadMeans): NonNullable<Channel["download"]> {
  return async (attachment, { maxBytes, signal }) => {
    const ref = v.safeParse(refSchema, attachment.ref);
    if (!ref.success) throw new TypeError("this attachment is none of DingTalk's");
    const { downloadCode, robotCode = settings.robotCode } = ref.output;
    const withSignal = signal === undefined ? {} : { signal };
    const ask = (token: string): Promise<string> => api.getDownloadUrl({ downloadCode, robotCode }, { token, ...withSignal });
    const url = await withToken(tokens, ask, (error) => isChannelError(error) && error.code === "auth");
    const file = await api.fetchFile(url, { maxBytes, ...withSignal });
    const mediaType = sniffMediaType(file.bytes) ?? attachment.mediaType ?? file.mediaType;
    return { bytes: file.bytes, ...(mediaType !== undefined && { mediaType }), ...(attachment.name !== undefined && { name: attachment.name }) };
  };
}
