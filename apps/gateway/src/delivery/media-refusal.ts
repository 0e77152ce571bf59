import { isChannelError, RemoteUrlRefusal } from "@revka/core";

/** A file that is not sent; the message says why, without its path or content. */
export class MediaRefusal extends Error {
  override readonly name = "MediaRefusal";
}

/** What a failure to get a file means to who sends it; a bug of ours stays what it is. */
export function toMediaRefusal(error: unknown): unknown {
  if (!(error instanceof RemoteUrlRefusal) && !isChannelError(error)) return error;
  return new MediaRefusal(error.message, { cause: error });
}
