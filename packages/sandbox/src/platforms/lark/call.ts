import type { HonoRequest } from "hono";
import * as v from "valibot";
import { refuse } from "./refusal.ts";

/** The answer to a call that worked. */
export function answer(data: object = {}): Response {
  return Response.json({ code: 0, msg: "success", data });
}

/**
 * Reads the JSON body of a call.
 *
 * @param code - what a body is refused with that is not as it must be; default 99992402, which names the fields.
 * @throws LarkRefusal
 */
export async function readBody<T>(request: HonoRequest, schema: v.GenericSchema<unknown, T>, code?: number): Promise<T> {
  let body: unknown;
  try {
    body = JSON.parse(await request.text());
  } catch {
    body = undefined;
  }
  return readFields(schema, body, code);
}

/** Reads the query of a call, as {@link readBody} reads a body. */
export function readQuery<T>(request: HonoRequest, schema: v.GenericSchema<unknown, T>, code?: number): T {
  return readFields(schema, request.query(), code);
}

function readFields<T>(schema: v.GenericSchema<unknown, T>, value: unknown, code = 99992402): T {
  const result = v.safeParse(schema, value);
  if (result.success) return result.output;
  const violations = result.issues.map((issue) => ({ field: v.getDotPath(issue) ?? "", description: issue.message }));
  throw refuse(code, { error: { field_violations: violations } });
}
