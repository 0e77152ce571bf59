import { Hono, type HonoRequest } from "hono";
import * as v from "valibot";
import { checkCall, PLACE_PATH, placeIn, readCall } from "./call.ts";
import { LIMITS } from "./limits.ts";
import { MESSAGE, readMessage } from "./message.ts";
import { keyOf } from "./place.ts";
import { refuse } from "./refusal.ts";
import type { QqState } from "./state.ts";
import { timestampOf } from "./timestamp.ts";

const TOO_FAST = 22009;
const BAD_FILE_INFO = 304080;
const TOO_LATE = 40061001;
const NO_SUCH_MESSAGE = 40061002;
const NO_SUCH_INTERACTION = 11255;
const ACK = v.object({ code: v.picklist([0, 1, 2, 3, 4, 5]) });

/** What the bot says and takes back, and how it answers presses on buttons. */
export function messageRoutes(state: QqState): Hono {
  const app = new Hono();
  app.post(`${PLACE_PATH}/messages`, async (c) => send(state, c.req));
  app.delete(`${PLACE_PATH}/messages/:messageId`, (c) => recall(state, c.req));
  app.put("/interactions/:interactionId", async (c) => {
    const ack = await readCall(state, c.req, { call: "interactions", schema: ACK, perSecond: LIMITS.messagesPerSecond });
    if (ack instanceof Response) return ack;
    const { interactionId: id } = c.req.param();
    if (!state.interactions.has(id)) return refuse(NO_SUCH_INTERACTION);
    state.interactionAcks.append((seq) => ({ seq, at: state.now(), id, code: ack.code }));
    return c.body(null, 204);
  });
  return app;
}

async function send(state: QqState, request: HonoRequest): Promise<Response> {
  const body = await readCall(state, request, { call: "messages", schema: MESSAGE, perSecond: state.behaviour.messagesPerSecond });
  if (body instanceof Response) return body;
  const place = placeIn(request);
  const message = readMessage(body, place, state.behaviour);
  if (typeof message === "number") return refuse(message);
  const upload = body.media === undefined ? undefined : state.media.findUpload(body.media.file_info, place);
  if (body.media !== undefined && upload === undefined) return refuse(BAD_FILE_INFO);
  const refused = state.admission.admit(place, message.answers);
  if (refused !== undefined) return refuse(refused);
  const { id, at, refIdx } = state.deliver(place, { ...message, ...(upload === undefined ? {} : { upload }), payload: await request.json() });
  const timestamp = state.behaviour.timestampAs === "string" ? timestampOf(at) : Math.floor(at / 1_000);
  return Response.json({ id, timestamp, ext_info: { ref_idx: refIdx } });
}

function recall(state: QqState, request: HonoRequest): Response {
  const refused = checkCall(state, request, "recall");
  if (refused !== undefined) return refused;
  if (!state.calls.admit("recall", LIMITS.recallsPerSecond)) return refuse(TOO_FAST);
  const place = keyOf(placeIn(request));
  const sent = state.sent.entries.find(({ id, ...where }) => id === request.param("messageId") && keyOf(where) === place);
  if (sent === undefined || sent.isRecalled) return refuse(NO_SUCH_MESSAGE);
  if (state.now() - sent.at >= LIMITS.recallMs) return refuse(TOO_LATE);
  sent.isRecalled = true;
  state.sent.changed(sent);
  return Response.json({});
}
