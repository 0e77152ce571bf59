import { randomBytes } from "node:crypto";

/** Crockford's base 32: no letter that is taken for another when it is read out. */
const DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

const TIME_DIGITS = 10;
const RANDOM_DIGITS = 16;

/**
 * A new ULID: 26 characters that sort by time and that nobody guesses.
 * @param now - epoch ms.
 */
export function createTurnId(now: number): string {
  const time = Array.from({ length: TIME_DIGITS }, (_, place) => DIGITS.charAt(Math.floor(now / 32 ** (TIME_DIGITS - 1 - place)) % 32));
  const random = Array.from(randomBytes(RANDOM_DIGITS), (byte) => DIGITS.charAt(byte % 32));
  return [...time, ...random].join("");
}
