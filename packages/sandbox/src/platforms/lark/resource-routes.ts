import { Hono } from "hono";
import * as v from "valibot";
import { answer, readQuery } from "./call.ts";
import { refuse } from "./refusal.ts";
import type { LarkResource } from "./resources.ts";
import type { RestState } from "./rest-state.ts";
import { readFile, readImage } from "./uploads.ts";

const TYPE = v.object({ type: v.picklist(["image", "file"]) });
/** Kinds of message whose files nobody can fetch. */
const CLOSED_KINDS: readonly string[] = ["interactive", "merge_forward", "sticker"];

/** Files and images: those in messages, and those that the app uploads. */
export function resourceRoutes(state: RestState): Hono {
  const app = new Hono();
  app.get("/open-apis/im/v1/messages/:id/resources/:key", (c) => {
    const { type } = readQuery(c.req, TYPE, 234001);
    const resource = resourceIn(state, c.req.param("id"), c.req.param("key"));
    if (resource.type !== type) throw refuse(234001);
    return download(resource);
  });
  app.get("/open-apis/im/v1/images/:key", (c) => {
    const image = state.resources.find(c.req.param("key"));
    if (image?.isOwn !== true || image.type !== "image") throw refuse(234008);
    return download(image);
  });
  app.post("/open-apis/im/v1/images", async (c) => answer({ image_key: state.resources.store(await readImage(c.req)) }));
  app.post("/open-apis/im/v1/files", async (c) => answer({ file_key: state.resources.store(await readFile(c.req)) }));
  return app;
}

/** A resource that a message's content names. @throws LarkRefusal 234001, 234003, 234004 or 234043. */
function resourceIn(state: RestState, messageId: string, key: string): LarkResource {
  const message = state.messages.find(messageId);
  if (message === undefined) throw refuse(234001);
  if (state.chats.find(message.chatId)?.status !== "joined") throw refuse(234004);
  if (CLOSED_KINDS.includes(message.msgType) || message.upperMessageId !== undefined) throw refuse(234043);
  const resource = state.resources.find(key);
  if (resource === undefined || !message.content.includes(JSON.stringify(key))) throw refuse(234003);
  return resource;
}

function download({ bytes, contentType, name }: LarkResource): Response {
  const named = name === "" ? {} : { "content-disposition": `attachment; filename*=UTF-8''${encodeURIComponent(name)}` };
  return new Response(Uint8Array.from(bytes), { headers: { "content-type": contentType, ...named } });
}
