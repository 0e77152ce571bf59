import { sniffMediaType, type Channel } from "@revka/core";
import * as v from "valibot";
import type { Calls } from "./calls.ts";
import { LIMITS } from "./limits.ts";

const refSchema = v.object({ urls: v.pipe(v.array(v.string()), v.minLength(1)) });

/** Fetches attachments. Their addresses do not last, so it is best done soon. */
export function createDownload(calls: Pick<Calls, "fetchFile">): NonNullable<Channel["download"]> {
  async function fetchFirst([url = "", ...others]: readonly string[], options: Parameters<Calls["fetchFile"]>[1]): ReturnType<Calls["fetchFile"]> {
    try {
      return await calls.fetchFile(url, options);
    } catch (error) {
      if (others.length === 0 || options.signal?.aborted === true) throw error;
      return fetchFirst(others, options);
    }
  }

  return async (attachment, { maxBytes, signal }) => {
    const ref = v.safeParse(refSchema, attachment.ref);
    if (!ref.success) throw new TypeError("this attachment has no address of QQ's");
    const { bytes, headers } = await fetchFirst(ref.output.urls, { maxBytes: Math.min(maxBytes, LIMITS.fileBytes), signal });
    const mediaType = sniffMediaType(bytes) ?? attachment.mediaType ?? headers.get("content-type") ?? undefined;
    return { bytes, ...(mediaType !== undefined && { mediaType }), ...(attachment.name !== undefined && { name: attachment.name }) };
  };
}
