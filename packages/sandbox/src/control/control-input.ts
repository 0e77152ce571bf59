import { HTTPException } from "hono/http-exception";
import * as v from "valibot";

/** The longest a control request may wait for something to happen. */
const MAX_WAIT_MS = 60_000;

/**
 * Reads the JSON body of a control request; an empty body counts as `{}`.
 *
 * @throws HTTPException 400 that lists every problem.
 */
export async function readJson<T>(request: Request, schema: v.GenericSchema<unknown, T>): Promise<T> {
  const text = await request.text();
  let value: unknown;
  try {
    value = text === "" ? {} : JSON.parse(text);
  } catch {
    throw badRequest(["the body is not JSON"]);
  }
  return readInput(schema, value);
}

/**
 * Reads the query of a control request.
 *
 * @throws HTTPException 400 that lists every problem.
 */
export function readQuery<T>(request: Request, schema: v.GenericSchema<unknown, T>): T {
  return readInput(schema, Object.fromEntries(new URL(request.url).searchParams));
}

/** A query value that is a whole number, at least 0 and at most `max`. */
export function count(max: number = Number.MAX_SAFE_INTEGER): v.GenericSchema<string, number> {
  return v.pipe(v.string(), v.regex(/^\d+$/, "must be a whole number"), v.transform(Number), v.maxValue(max, `must be at most ${max}`));
}

/** The paging of every list: entries after this number, waiting up to so long for the first one. */
export interface Page {
  readonly after: number;
  readonly wait_ms: number;
}

type OptionalCount = v.OptionalSchema<v.GenericSchema<string, number>, "0">;

/** The query keys of a {@link Page}, for a schema. */
export const PAGE: { readonly after: OptionalCount; readonly wait_ms: OptionalCount } = {
  after: v.optional(count(), "0"),
  wait_ms: v.optional(count(MAX_WAIT_MS), "0"),
};

/**
 * Makes a type of what came in.
 *
 * @throws HTTPException 400 that lists every problem.
 */
export function readInput<T>(schema: v.GenericSchema<unknown, T>, value: unknown): T {
  const result = v.safeParse(schema, value);
  if (result.success) return result.output;
  throw badRequest(result.issues.map((issue) => `${v.getDotPath(issue) ?? "the input"}: ${issue.message}`));
}

function badRequest(problems: readonly string[]): HTTPException {
  return new HTTPException(400, { res: Response.json({ error: "the input is not as it must be", problems }, { status: 400 }) });
}
