import { custom, object, optional, pipe, rawTransform, unknown, type GenericSchema, type InferOutput, type ObjectEntries, type ObjectSchema } from "valibot";
import { isLoopback, parseProxyUrl, type ProxyChoice } from "../dialling/proxy.ts";

const refused = Symbol("refused");
type Refused = typeof refused;

/** Every block is `optional`, so that a missing key gets the same message as a wrong one. */
function block<T>(allowed: string, absent: T | Refused, read: (value: unknown) => T | Refused): GenericSchema<unknown, T> {
  const reading = rawTransform<unknown, T>(({ dataset: { value }, addIssue, NEVER }) => {
    const result = value === undefined || value === null ? absent : read(value);
    if (result !== refused) return result;
    addIssue({ message: allowed });
    return NEVER;
  });
  return optional(pipe(unknown(), reading), null);
}

/** A block for text: trimmed; blank is as good as absent. */
function textBlock<T>(allowed: string, absent: T | Refused, read: (text: string) => T | Refused): GenericSchema<unknown, T> {
  return block(allowed, absent, (value) => {
    if (typeof value !== "string") return refused;
    const text = value.trim();
    return text === "" ? absent : read(text);
  });
}

/** A string that must be there; trimmed. */
export const requiredString: GenericSchema<unknown, string> = textBlock("a non-empty string", refused, (text) => text);

/** A string, trimmed; a blank one is as good as absent. */
export const optionalString: GenericSchema<unknown, string | undefined> = textBlock<string | undefined>("a string", undefined, (text) => text);

/** A list of strings, trimmed and without blanks; numbers become strings, since ids are often digits. Absent: `[]`. */
export const stringList: GenericSchema<unknown, readonly string[]> = block<readonly string[]>("a list of strings", [], (value) =>
  Array.isArray(value) && value.every((item) => ["string", "number", "bigint"].includes(typeof item))
    ? value.map((item) => String(item).trim()).filter((item) => item !== "")
    : refused,
);

/** `true` or `false`, and what an absent key means. */
export function flag(whenAbsent: boolean): GenericSchema<unknown, boolean> {
  return block("true or false", whenAbsent, (value) => (typeof value === "boolean" ? value : refused));
}

/** A whole number from `min` to `max`, which may be `Infinity`. Absent: `whenAbsent`, or undefined. */
export function integerBetween(min: number, max: number): GenericSchema<unknown, number | undefined>;
export function integerBetween(min: number, max: number, whenAbsent: number): GenericSchema<unknown, number>;
export function integerBetween(min: number, max: number, whenAbsent?: number): GenericSchema<unknown, number | undefined> {
  return block(`a whole number ${rangeOf(min, max)}`, whenAbsent, (value) => (Number.isSafeInteger(value) ? within(min, max, value) : refused));
}

/** A finite number from `min` to `max`, which may be `Infinity`; fractions are allowed. Absent: `whenAbsent`, or undefined. */
export function numberBetween(min: number, max: number): GenericSchema<unknown, number | undefined>;
export function numberBetween(min: number, max: number, whenAbsent: number): GenericSchema<unknown, number>;
export function numberBetween(min: number, max: number, whenAbsent?: number): GenericSchema<unknown, number | undefined> {
  return block(`a number ${rangeOf(min, max)}`, whenAbsent, (value) => (Number.isFinite(value) ? within(min, max, value) : refused));
}

function rangeOf(min: number, max: number): string {
  return max === Infinity ? `of at least ${min}` : `from ${min} to ${max}`;
}

function within(min: number, max: number, value: unknown): number | Refused {
  return typeof value === "number" && value >= min && value <= max ? value : refused;
}

/** One of a few words, exactly as written. Absent or blank: `whenAbsent`, or undefined. */
export function choice<const T extends string>(words: readonly T[]): GenericSchema<unknown, T | undefined>;
export function choice<const T extends string>(words: readonly T[], whenAbsent: NoInfer<T>): GenericSchema<unknown, T>;
export function choice<const T extends string>(words: readonly T[], whenAbsent?: T): GenericSchema<unknown, T | undefined> {
  const named = words.map((word) => `"${word}"`).join(", ");
  const allowed = words.length === 1 ? named : `one of ${named}`;
  return textBlock<T | undefined>(allowed, whenAbsent, (text) => words.find((word) => word === text) ?? refused);
}

/** Which URLs a `baseUrl` takes. */
export interface BaseUrlRules {
  /** `"loopback"`: plain http only to this machine; `"any"`: to everywhere. */
  readonly allowHttp: "loopback" | "any";
  /** The URL when the key is absent or blank; without it, it must be there. */
  readonly default?: string;
}

/** An absolute http or https URL to which paths are added: no slash at its end, a path prefix is kept. */
export function baseUrl(rules: BaseUrlRules): GenericSchema<unknown, string> {
  const protocols = rules.allowHttp === "any" ? "http or https URL" : "https URL (http only to this machine)";
  return textBlock(`an absolute ${protocols} without user, query or fragment`, rules.default ?? refused, (text) => {
    if (!/^https?:\/\/[^/\\?#][^?#]*$/i.test(text) || !URL.canParse(text)) return refused;
    const url = new URL(text);
    const isSafe = url.protocol === "https:" || rules.allowHttp === "any" || isLoopback(url);
    return isSafe && url.username === "" && url.password === "" ? url.href.replace(/\/+$/, "") : refused;
  });
}

/** A channel's own `proxy_url`: a proxy, or `"direct"` for none; blank or absent leaves it to the host. */
export const proxyChoice: GenericSchema<unknown, ProxyChoice | undefined> = textBlock<ProxyChoice | undefined>(
  'an http, https, socks5 or socks5h URL with a host, or "direct"',
  undefined,
  (text) => {
    try {
      return parseProxyUrl(text);
    } catch {
      return refused;
    }
  },
);

/** A table with these keys; others pass unseen. */
export function table<const E extends ObjectEntries>(entries: E): GenericSchema<unknown, InferOutput<ObjectSchema<E, undefined>>> {
  return pipe(custom<object>(isTable, "a table"), object(entries));
}

function isTable(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** `T` with the keys that may be undefined made optional instead. */
export type WithoutAbsent<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

/** The object without its undefined values: what a schema gives for absent keys is then truly absent. */
export function dropAbsent<T extends object>(value: T): WithoutAbsent<T> {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as WithoutAbsent<T>;
}
