import { Hono, type HonoRequest } from "hono";
import * as v from "valibot";
import { readCall, TOKEN_HEADER } from "./call.ts";
import { PICTURE_CODE_PREFIX } from "./content.ts";
import { LIMITS } from "./limits.ts";
import type { DingtalkUpload } from "./media.ts";
import { type OldRefusal, refusalResponse, refuse, refuseCall } from "./refusal.ts";
import type { DingtalkState } from "./state.ts";

const BLOB_PATH = "/blob";
const DOWNLOAD = v.object({ downloadCode: v.pipe(v.string(), v.nonEmpty()), robotCode: v.pipe(v.string(), v.nonEmpty()) });
/** Formats of each type ("上传媒体文件"). */
const FORMATS: ReadonlyMap<string, RegExp> = new Map([
  ["image", /\.(jpe?g|gif|png|bmp)$/i],
  ["voice", /\.(amr|mp3|wav)$/i],
  ["video", /\.mp4$/i],
  ["file", /\.(docx?|xlsx?|pptx?|zip|pdf|rar)$/i],
]);

/** Files: those of users, by download code, and those that the robot uploads. */
export function mediaRoutes(state: DingtalkState, url: string): Hono {
  const app = new Hono();
  app.post("/v1.0/robot/messageFiles/download", async (c) => {
    const call = await readCall(state, c.req, DOWNLOAD);
    return call instanceof Response ? call : linkTo(state, url, call);
  });
  // The store is another host on the platform: it has no use for a token, and should not get to see one.
  app.get(`${BLOB_PATH}/:name`, (c) => {
    const file = state.media.find(c.req.param("name").replace(/\.file$/, ""));
    const isLate = Number(c.req.query("Expires") ?? 0) * 1000 <= state.now();
    if (file === undefined || isLate || c.req.header(TOKEN_HEADER) !== undefined) return c.text("<Error><Code>AccessDenied</Code></Error>", 403);
    return c.body(Uint8Array.from(file.bytes), 200, { "content-type": "application/octet-stream" });
  });
  app.post("/media/upload", async (c) => {
    const upload = await readUpload(state, c.req);
    if ("errcode" in upload) return c.json(upload);
    const { mediaId, type, at } = state.media.upload(upload);
    return c.json({ errcode: 0, errmsg: "ok", media_id: mediaId, type, created_at: at });
  });
  return app;
}

function linkTo(state: DingtalkState, url: string, { downloadCode, robotCode }: v.InferOutput<typeof DOWNLOAD>): Response {
  if (robotCode !== state.credentials.clientId) return refusalResponse(refuseCall(400, "invalidParameter.robotCode.auth"));
  if (downloadCode.startsWith(PICTURE_CODE_PREFIX)) return refusalResponse(refuseCall(500, "system.err"));
  const file = state.media.find(downloadCode);
  const isGood = file !== undefined && state.now() - file.storedAt < state.behaviour.downloadCodeLifeMs;
  if (!isGood) return refusalResponse(refuseCall(400, "invalidParameter.robotCode.downloadCode"));
  const expires = Math.floor((state.now() + LIMITS.downloadUrlLifeMs) / 1000);
  return Response.json({ downloadUrl: `${url}${BLOB_PATH}/${downloadCode}.file?Expires=${expires}&OSSAccessKeyId=sandbox` });
}

async function readUpload(state: DingtalkState, request: HonoRequest): Promise<Pick<DingtalkUpload, "type" | "name" | "bytes"> | OldRefusal> {
  if (!state.tokens.isGood(request.query("access_token") ?? "")) return refuse(40014);
  const errcode = state.errcodes.shift();
  if (errcode !== undefined) return refuse(errcode);
  const { media: part, type: field } = await request.parseBody().catch((): Record<string, string | File> => ({}));
  const type = request.query("type") ?? (typeof field === "string" ? field : "");
  const format = FORMATS.get(type);
  if (format === undefined || !(part instanceof File) || !format.test(part.name)) return refuse(40004);
  const bytes = new Uint8Array(await part.arrayBuffer());
  const isFitting = bytes.length > 0 && bytes.length <= (type === "voice" ? LIMITS.voiceBytes : LIMITS.mediaBytes);
  return isFitting ? { type, name: part.name, bytes } : refuse(40006);
}
