import { isChannelError } from "@revka/core";

function codes(...numbers: readonly number[]): ReadonlySet<string> {
  return new Set(numbers.map(String));
}

/** What a code asks for. */
export type CodeClass =
  | "staleToken" | "refusedBot" | "refusedCredentials" | "rate" | "server" | "pending"
  | "duplicate" | "replyOver" | "unasked"
  | "address" | "tooLong" | "markdown"
  | "badUpload" | "unfetched" | "badFormat" | "tooLargeFile";

/**
 * The platform's codes by what is to be done about them.
 *
 * Sources: "api-call-guide" and "openapi" of the platform's documents, the tables of its SDKs, and what users report.
 */
export const CODES: Readonly<Record<CodeClass, ReadonlySet<string>>> = {
  /** The token is no longer good: one more try with a fresh one. */
  staleToken: codes(11244, 11243, 11242, 11252, 11263, 11281),
  /** The credentials, or what the bot may do, have to be mended by an operator. */
  refusedBot: codes(11241, 11245, 11251, 11253, 11254, 11261, 11262, 11264, 11265, 11273, 11274, 11275),
  /** At the token call only: no such app, a wrong secret, no such bot. */
  refusedCredentials: codes(100007, 100016, 10004),
  /** Too many calls or messages. */
  rate: codes(22009, 20028, 304045, 304046, 304047, 304048, 304049, 304050, 40034100, 100001, 1100100, 1100308, 50002),
  /** The server failed, perhaps after it had done what it was asked. */
  server: codes(50055001, 50055002, 50055006, 10000),
  /** Taken, and waiting for an audit. */
  pending: codes(304023, 304024),

  /** This `(msg_id, msg_seq)` was used before. */
  duplicate: codes(40054005),
  /** The message that is answered is too old, answered too often, or none that can be answered. */
  replyOver: codes(304026, 304027, 304028, 304103, 40034005, 40034024, 40034025, 40034026, 40034027, 40034031, 40034128),
  /** The user or group takes no messages unasked. */
  unasked: codes(40034102, 40034105, 40054013),

  /** An address, or what looks like one, that is not registered. */
  address: codes(304003, 40054010, 40034028),
  tooLong: codes(40054007, 40054018),
  /** Markdown that this bot may not send, or that is not taken here. */
  markdown: codes(
    22006, 304036, 50037, 50040, 50041, 50042, 50054, 50055, 50056, 50057,
    40034008, 40034009, 40034010, 40034011, 40034090, 40034124, 40034127,
  ),

  /** The uploaded file is gone, or was never good. */
  badUpload: codes(304080, 304082, 304083, 40034004, 40054006),
  /** The platform could not fetch a file by its address. */
  unfetched: codes(850026, 850027, 304082),
  /** Not a picture, video or voice message as the platform takes them. */
  badFormat: codes(850019),
  tooLargeFile: codes(850031),
};

/** Whether the platform said no with one of these codes. */
export function isRefusedWith(error: unknown, known: ReadonlySet<string>): boolean {
  return isChannelError(error) && error.code === "platform" && known.has(error.platformCode);
}
