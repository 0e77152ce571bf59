import type { MochatIdKind } from "./behaviour.ts";

/** A message as the server keeps it: already JSON, so that every digit of an id stays as written. */
export interface Element {
  /** The id as a client should compare it; `undefined` when the message has none. */
  readonly id: string | undefined;
  readonly json: string;
}

/** Ids that break a query unless they are percent-encoded. */
const RESERVED: readonly ((n: number) => string)[] = [
  (n) => `a b&c=d-${n}`,
  (n) => `msg/1+${n}`,
  (n) => `消息${n}`,
  (n) => `%41-${n}`,
  (n) => `a#b?c-${n}`,
];

/** JSON text of the id that the `n`-th message gets; `undefined` when it gets none. */
export function idJson(kind: MochatIdKind, n: number): string | undefined {
  switch (kind) {
    case "text":
      return `"m-${n}"`;
    case "number":
      return String(n);
    case "big-number":
      // 2^53 + n: `JSON.parse` rounds every second one of these.
      return String(2n ** 53n + BigInt(n));
    case "reserved":
      return JSON.stringify(RESERVED[(n - 1) % RESERVED.length]?.(n));
    case "duplicate":
      return `"m-${n - ((n - 1) % 2)}"`;
    case "empty":
      return '""';
    case "missing":
      return undefined;
  }
}

/** Puts an id, given as JSON text, in front of a message's other fields; a `messageId` among these comes instead of it. */
export function elementOf(id: string | undefined, fields: Readonly<Record<string, unknown>>): Element {
  const rest = JSON.stringify(fields);
  if (id === undefined || "messageId" in fields) return parseElement(rest);
  return parseElement(rest === "{}" ? `{"messageId":${id}}` : `{"messageId":${id},${rest.slice(1)}`);
}

/**
 * Takes an element over as it is written.
 *
 * @throws SyntaxError when `json` is not JSON.
 */
export function parseElement(json: string): Element {
  let id: string | undefined;
  let alternative: string | undefined;
  const parsed: unknown = JSON.parse(json, (key: string, value: unknown, context?: { source?: string }) => {
    const digits = typeof value === "number" ? context?.source : undefined;
    return digits !== undefined && (key === "messageId" || key === "id") ? { digits } : value;
  });
  if (typeof parsed === "object" && parsed !== null) {
    id = "messageId" in parsed ? idText(parsed.messageId) : undefined;
    alternative = "id" in parsed ? idText(parsed.id) : undefined;
  }
  return { id: id ?? alternative, json };
}

function idText(value: unknown): string | undefined {
  if (typeof value === "object" && value !== null && "digits" in value) return String(value.digits);
  return typeof value === "string" && value !== "" ? value : undefined;
}
