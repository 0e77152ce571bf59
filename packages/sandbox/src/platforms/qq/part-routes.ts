import { Hono } from "hono";
import * as v from "valibot";
import { PLACE_PATH, placeIn, readCall } from "./call.ts";
import { LIMITS } from "./limits.ts";
import { refuse } from "./refusal.ts";
import type { QqState } from "./state.ts";

/** Where parts are put. */
const PART_PATH = "/upload-part";

const filled = v.pipe(v.string(), v.nonEmpty());
const count = v.pipe(v.union([v.number(), v.pipe(v.string(), v.digits(), v.transform(Number))]), v.integer(), v.minValue(0));
const PREPARE = v.pipe(
  v.looseObject({ file_type: v.picklist([1, 2, 3, 4]), file_size: v.pipe(count, v.minValue(1)), file_name: filled, md5: filled, sha1: filled, md5_10m: filled }),
  v.transform((file) => ({ fileType: file.file_type, fileSize: file.file_size, fileName: file.file_name, md5: file.md5, sha1: file.sha1, md5Start: file.md5_10m })),
);
const FINISH = v.looseObject({ upload_id: filled, part_index: count, block_size: count, md5: filled });

const STRANGER = 11255;
const TOO_LARGE = 850031;
const NOT_READY = 40093001;

/** Uploads in parts. */
export function partRoutes(state: QqState, url: string): Hono {
  const app = new Hono();
  app.post(`${PLACE_PATH}/upload_prepare`, async (c) => {
    const file = await readCall(state, c.req, { call: "files", schema: PREPARE, perSecond: LIMITS.preparesPerSecond });
    if (file instanceof Response) return file;
    if (file.fileSize > LIMITS.fileBytes) return refuse(TOO_LARGE);
    const place = placeIn(c.req);
    if (state.contacts.standingOf(place) === undefined) return refuse(STRANGER);
    const { uploadId, slots } = state.parts.prepare(place, file);
    const parts = slots.map(({ index, bytes }) => ({ index, presigned_url: `${url}${PART_PATH}/${uploadId}/${index}?sign=sandbox`, block_size: bytes }));
    return c.json({ upload_id: uploadId, block_size: LIMITS.partBytes, parts, upload_config: { concurrency: 1, retry_timeout: 300, retry_delay: 1 } });
  });
  // The store is another host on the platform: it should not get to see a token.
  app.put(`${PART_PATH}/:uploadId/:index`, async (c) => {
    if (c.req.header("authorization") !== undefined) return c.text("SignatureDoesNotMatch", 403);
    const { uploadId, index } = c.req.param();
    const isWanted = state.parts.put(uploadId, Number(index), new Uint8Array(await c.req.arrayBuffer()));
    return isWanted ? c.body(null, 200) : c.text("NoSuchUpload", 404);
  });
  app.post(`${PLACE_PATH}/upload_part_finish`, async (c) => {
    const part = await readCall(state, c.req, { call: "files", schema: FINISH, perSecond: LIMITS.filesPerSecond });
    if (part instanceof Response) return part;
    return state.parts.finish(part.upload_id, part.part_index, part.md5) ? c.json({}) : refuse(NOT_READY);
  });
  return app;
}
