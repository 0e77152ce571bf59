import type { HonoRequest } from "hono";
import * as v from "valibot";
import { refusalResponse, refuseCall } from "./refusal.ts";
import type { DingtalkState } from "./state.ts";

/** The header that carries the access token. */
export const TOKEN_HEADER = "x-acs-dingtalk-access-token";

/**
 * Reads a call of the newer API: token, refusals that a test asked for, rate, body, in this order.
 *
 * @returns the body, or the answer to refuse with.
 */
export async function readCall<T extends object>(state: DingtalkState, request: HonoRequest, schema: v.GenericSchema<unknown, T>): Promise<T | Response> {
  if (!state.tokens.isGood(request.header(TOKEN_HEADER) ?? "")) {
    return refusalResponse(refuseCall(state.behaviour.badTokenStatus, "InvalidAuthentication", "不合法的access_token"));
  }
  const refusal = state.refusals.shift();
  if (refusal !== undefined) return refusalResponse(refusal);
  if (!state.calls.admit(request.path, state.behaviour.callsPerSecond)) {
    return refusalResponse(refuseCall(403, "Forbidden.AccessDenied.QpsLimitForAppkeyAndApi", "应用调用该接口的QPS超过限制"));
  }
  const result = v.safeParse(v.pipe(v.string(), v.parseJson(), schema), await request.text());
  if (result.success) return result.output;
  const field = v.getDotPath(result.issues[0]);
  return refusalResponse(field === null ? refuseCall(400, "InvalidParameter", "the body is no JSON object") : refuseCall(400, `invalidParameter.${field}.empty`));
}
