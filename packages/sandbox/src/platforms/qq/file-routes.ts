import { Hono, type HonoRequest } from "hono";
import * as v from "valibot";
import type { QqBehaviour } from "./behaviour.ts";
import { PLACE_PATH, placeIn, readCall } from "./call.ts";
import { fetchFile } from "./fetch-file.ts";
import { FILE_TYPE, isOfType } from "./formats.ts";
import { LIMITS } from "./limits.ts";
import type { QqUpload } from "./media.ts";
import type { QqPlace } from "./place.ts";
import { refuse } from "./refusal.ts";
import type { QqState } from "./state.ts";

/** Where links to users' files lead. */
export const DOWNLOAD_PATH = "/download";

const text = v.optional(v.string(), "");
const FILE = v.pipe(
  v.looseObject({ file_type: v.picklist([1, 2, 3, 4]), url: text, file_data: text, upload_id: text, srv_send_msg: v.optional(v.boolean(), false), file_name: text }),
  // Some clients send the ones that they do not mean along, empty.
  v.check((file) => [file.url, file.file_data, file.upload_id].filter((source) => source !== "").length === 1, "needs one of url, file_data and upload_id"),
);
type FileCall = v.InferOutput<typeof FILE>;

const STRANGER = 11255;
const BAD_FILE = 850019;
const TOO_LARGE = 850031;
const NOT_READY = 40093001;

/** Above these, a file is sent as a plain one. */
const SOFT_LIMITS: Readonly<Record<number, number>> = { [FILE_TYPE.image]: LIMITS.imageBytes, [FILE_TYPE.video]: LIMITS.videoBytes, [FILE_TYPE.voice]: LIMITS.voiceBytes };

/** Files: those of users, by their links, and those that the bot uploads whole or by address. */
export function fileRoutes(state: QqState): Hono {
  const app = new Hono();
  app.post(`${PLACE_PATH}/files`, async (c) => {
    const call = await readCall(state, c.req, { call: "files", schema: FILE, perSecond: LIMITS.filesPerSecond });
    return call instanceof Response ? call : receive(state, placeIn(c.req), call);
  });
  app.get(DOWNLOAD_PATH, (c) => download(state, c.req));
  return app;
}

async function receive(state: QqState, place: QqPlace, call: FileCall): Promise<Response> {
  if (state.contacts.standingOf(place) === undefined) return refuse(STRANGER);
  const file = await sourceOf(state, place, call);
  if (typeof file === "number") return refuse(file);
  const refused = badFile(file, call.file_type, state.behaviour) ?? (call.srv_send_msg ? state.admission.admit(place) : undefined);
  if (refused !== undefined) return refuse(refused);
  const isTooLarge = file.bytes.length > (SOFT_LIMITS[call.file_type] ?? Infinity);
  const upload = state.media.upload({ ...place, ...file, fileType: isTooLarge ? FILE_TYPE.file : call.file_type });
  const id = call.srv_send_msg ? state.deliver(place, { kind: "media", text: "", upload, payload: {} }).id : "";
  const { fileTtlSecs } = state.behaviour;
  return Response.json({ file_uuid: upload.fileUuid, file_info: upload.fileInfo, ...(fileTtlSecs === null ? {} : { ttl: fileTtlSecs }), id });
}

type SourceFile = Pick<QqUpload, "bytes" | "via" | "name">;

async function sourceOf(state: QqState, place: QqPlace, { url, file_data: data, upload_id: uploadId, file_name: name }: FileCall): Promise<SourceFile | number> {
  if (data !== "") {
    const isBase64 = /^[A-Za-z0-9+/]*={0,2}$/.test(data) && data.length % 4 === 0;
    return isBase64 ? { bytes: Buffer.from(data, "base64"), via: "data", name } : BAD_FILE;
  }
  if (url !== "") {
    const bytes = await fetchFile(url, state.closing);
    return typeof bytes === "number" ? bytes : { bytes, via: "url", name };
  }
  const taken = state.parts.take(uploadId, place);
  return taken === undefined ? NOT_READY : { bytes: taken.bytes, via: "parts", name: name === "" ? taken.file.fileName : name };
}

function badFile({ bytes }: SourceFile, fileType: number, { checksFormats }: QqBehaviour): number | undefined {
  if (bytes.length > LIMITS.fileBytes) return TOO_LARGE;
  return bytes.length === 0 || (checksFormats && !isOfType(bytes, fileType)) ? BAD_FILE : undefined;
}

/** The store is another host on the platform: it has no use for a token, and should not get to see one. */
function download(state: QqState, request: HonoRequest): Response {
  const file = state.media.find(request.query("fileid") ?? "", request.query("rkey") ?? "");
  if (request.header("authorization") !== undefined || file === undefined) return Response.json({ retcode: -5503007, retmsg: "download url has expired" }, { status: 400 });
  return new Response(Uint8Array.from(file.bytes), { headers: { "content-type": file.contentType } });
}
