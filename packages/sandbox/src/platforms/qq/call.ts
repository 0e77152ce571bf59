import type { HonoRequest } from "hono";
import * as v from "valibot";
import type { QqPlace } from "./place.ts";
import { type QqCall, refuse, refusalResponse } from "./refusal.ts";
import type { QqState } from "./state.ts";
import { bearerOf } from "./wire.ts";

const BAD_TOKEN = 11244;
const OLD_SCHEME = 11245;
const INVALID = 11255;
const TOO_FAST = 22009;
const TOO_LARGE = 850031;

/** What a call is checked against. */
export interface CallRules<T> {
  readonly call: QqCall;
  readonly schema: v.GenericSchema<unknown, T>;
  readonly perSecond: number;
}

/** Checks the access token of a call and the refusals that a test asked for. @returns the answer to refuse with, if there is one. */
export function checkCall(state: QqState, request: HonoRequest, call: QqCall): Response | undefined {
  const header = request.header("authorization") ?? "";
  if (header.startsWith("Bot ")) return refuse(OLD_SCHEME);
  if (!state.tokens.isGood(bearerOf(header) ?? "")) return refuse(BAD_TOKEN);
  const refusal = state.refusals.take(call);
  return refusal === undefined ? undefined : refusalResponse(refusal);
}

/**
 * Reads a call: token, refusals that a test asked for, rate, size, body, in this order.
 *
 * @returns the body, or the answer to refuse with.
 */
export async function readCall<T extends object>(state: QqState, request: HonoRequest, { call, schema, perSecond }: CallRules<T>): Promise<T | Response> {
  const refused = checkCall(state, request, call);
  if (refused !== undefined) return refused;
  if (!state.calls.admit(call, perSecond)) return refuse(TOO_FAST);
  const body = await request.text();
  if (Buffer.byteLength(body) > state.behaviour.bodyBytes) return refusalResponse({ code: TOO_LARGE, status: 413 });
  const result = v.safeParse(v.pipe(v.string(), v.parseJson({ reviver: withoutNull }), schema), body);
  if (result.success) return result.output;
  return refusalResponse({ code: INVALID, message: `请求参数不合法: ${v.getDotPath(result.issues[0]) ?? "body"}: ${result.issues[0].message}` });
}

/** Some clients write `null` where there is nothing. */
function withoutNull(_key: string, value: unknown): unknown {
  return value ?? undefined;
}

/** The path of everything that goes to a user or into a group. */
export const PLACE_PATH = "/v2/:scene{users|groups}/:id";

/** The place that a path of {@link PLACE_PATH} names. */
export function placeIn(request: HonoRequest): QqPlace {
  const { scene, id = "" } = request.param() as Readonly<Record<string, string>>;
  return scene === "users" ? { user: id } : { user: "", group: id };
}
