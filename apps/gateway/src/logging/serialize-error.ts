import { isChannelError } from "@revka/core";

/** An error as it stands in a log line. */
export interface SerializedError {
  readonly name: string;
  /** The `code` of a channel error, or the system's, e.g. `"ECONNREFUSED"`. */
  readonly kind?: string;
  readonly message: string;
  /** Only for what nobody foresaw: a channel error says itself what to do. */
  readonly stack?: string;
  readonly cause?: unknown;
}

const MAX_CAUSES = 5;

/** What to log of an error, its causes included; anything else passes as it is. */
export function serializeError(value: unknown, depth = 0): unknown {
  if (!(value instanceof Error)) return value;
  const { name, message, stack, cause } = value;
  const isForeseen = isChannelError(value) || depth > 0;
  return {
    name,
    ...("code" in value && { kind: String(value.code) }),
    message,
    ...(!isForeseen && stack !== undefined && { stack }),
    ...(cause !== undefined && depth < MAX_CAUSES && { cause: serializeError(cause, depth + 1) }),
  } satisfies SerializedError;
}
