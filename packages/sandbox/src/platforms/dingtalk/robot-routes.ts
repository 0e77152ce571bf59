import { randomUUID } from "node:crypto";
import { Hono, type HonoRequest } from "hono";
import * as v from "valibot";
import { readCall } from "./call.ts";
import { LIMITS } from "./limits.ts";
import { refusalResponse, refuseCall } from "./refusal.ts";
import { readRobotMessage } from "./robot-message.ts";
import type { DingtalkPlace } from "./sessions.ts";
import type { DingtalkState } from "./state.ts";

const filled = v.pipe(v.string(), v.nonEmpty());
const template = { robotCode: filled, msgKey: filled, msgParam: filled };
const TO_USERS = v.object({ ...template, userIds: v.pipe(v.array(filled), v.minLength(1)) });
const TO_GROUP = v.object({ ...template, openConversationId: filled, coolAppCode: v.optional(v.string()) });
const EMOTION = v.object({
  robotCode: filled, openMsgId: filled, openConversationId: filled,
  emotionType: v.optional(v.number()), emotionName: v.optional(v.string(), ""), textEmotion: v.optional(v.looseObject({})),
});

/** What the robot does of itself: messages without a webhook, and reactions. */
export function robotRoutes(state: DingtalkState): Hono {
  const app = new Hono();
  app.post("/v1.0/robot/oToMessages/batchSend", async (c) => sendToUsers(state, c.req));
  app.post("/v1.0/robot/groupMessages/send", async (c) => sendToGroup(state, c.req));
  for (const [path, isRecalled] of [["reply", false], ["recall", true]] as const) {
    app.post(`/v1.0/robot/emotion/${path}`, async (c) => {
      const call = await readCall(state, c.req, EMOTION);
      if (call instanceof Response) return call;
      if (call.robotCode !== state.credentials.clientId) return noRobot();
      const { openMsgId, openConversationId, emotionName: name } = call;
      state.reactions.append((seq) => ({ seq, openMsgId, openConversationId, name, isRecalled }));
      return c.json({ success: true });
    });
  }
  return app;
}

async function sendToUsers(state: DingtalkState, request: HonoRequest): Promise<Response> {
  const call = await readCall(state, request, TO_USERS);
  if (call instanceof Response) return call;
  if (call.userIds.length > LIMITS.receiverCount) return refusalResponse(refuseCall(400, "too.many.people"));
  const { invalidStaffIds, flowControlledStaffIds } = state.behaviour;
  const reached = call.userIds.filter((id) => ![...invalidStaffIds, ...flowControlledStaffIds].includes(id));
  return deliver(state, call, reached.map((user) => ({ user }))) ?? Response.json({
    processQueryKey: randomUUID(),
    invalidStaffIdList: call.userIds.filter((id) => invalidStaffIds.includes(id)),
    flowControlledStaffIdList: call.userIds.filter((id) => flowControlledStaffIds.includes(id)),
  });
}

async function sendToGroup(state: DingtalkState, request: HonoRequest): Promise<Response> {
  const call = await readCall(state, request, TO_GROUP);
  if (call instanceof Response) return call;
  if (!state.hasGroup(call.openConversationId)) return refusalResponse(refuseCall(400, "invalid.openConversationId"));
  return deliver(state, call, [{ user: "", group: call.openConversationId }]) ?? Response.json({ processQueryKey: randomUUID() });
}

/** Puts a message into each place; gives the answer to refuse with, if there is one. */
function deliver(state: DingtalkState, call: v.InferOutput<v.ObjectSchema<typeof template, undefined>>, places: readonly DingtalkPlace[]): Response | undefined {
  if (call.robotCode !== state.credentials.clientId) return noRobot();
  const message = readRobotMessage(call.msgKey, call.msgParam, (mediaId) => state.media.uploads.get(mediaId)?.type);
  if ("status" in message) return refusalResponse(message);
  const bytes = Buffer.byteLength(call.msgParam);
  for (const place of places) {
    state.sent.append((seq) => ({ seq, order: state.nextOrder(), at: state.now(), via: "robot-api", ...place, ...message, bytes }));
  }
  return undefined;
}

function noRobot(): Response {
  return refusalResponse(refuseCall(400, "robot.notExist", "robotCode is of no robot of this app"));
}
