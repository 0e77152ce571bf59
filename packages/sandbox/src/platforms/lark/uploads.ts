import type { HonoRequest } from "hono";
import * as v from "valibot";
import { imageFormatOf } from "./image-format.ts";
import { LIMITS } from "./limits.ts";
import { type FormPart, readMultipart } from "./multipart.ts";
import { refuse } from "./refusal.ts";
import type { NewResource } from "./resources.ts";

const IMAGE = v.object({ image_type: v.picklist(["message", "avatar"]) });
const FILE = v.object({
  file_type: v.picklist(["opus", "mp4", "pdf", "doc", "xls", "ppt", "stream"]),
  file_name: v.pipe(v.string(), v.nonEmpty()),
  duration: v.exactOptional(v.pipe(v.string(), v.digits(), v.transform(Number))),
});

/** Reads the form of an image upload. @throws LarkRefusal 234001, 234006, 234010, 234011 or 234039. */
export async function readImage(request: HonoRequest): Promise<NewResource> {
  const { fields, part } = await readForm(request, "image", IMAGE);
  const bytes = sized(part, LIMITS.imageBytes);
  const format = imageFormatOf(bytes);
  if (format === undefined) throw refuse(234011);
  const { contentType, pixels = 0 } = format;
  if (pixels > (contentType === "image/gif" ? LIMITS.gifPixels : LIMITS.imagePixels)) throw refuse(234039);
  return { type: "image", uploadType: fields.image_type, name: part.fileName ?? "", contentType, bytes, isOwn: true };
}

/** Reads the form of a file upload. @throws LarkRefusal 234001, 234006 or 234010. */
export async function readFile(request: HonoRequest): Promise<NewResource> {
  const { fields, part } = await readForm(request, "file", FILE);
  const { file_type: uploadType, file_name: name, duration } = fields;
  const bytes = sized(part, LIMITS.fileBytes);
  const contentType = part.contentType ?? "application/octet-stream";
  return { type: "file", uploadType, name, contentType, bytes, isOwn: true, ...(duration === undefined ? {} : { durationMs: duration }) };
}

/** The part of this name as bytes, the others as text. */
async function readForm<T>(request: HonoRequest, file: string, schema: v.GenericSchema<unknown, T>): Promise<{ readonly fields: T; readonly part: FormPart }> {
  const parts = readMultipart(new Uint8Array(await request.arrayBuffer()), request.header("content-type") ?? "");
  const part = parts.get(file);
  if (part === undefined) throw refuse(234001, { msg: `Invalid request param: ${file}` });
  const texts = [...parts].flatMap(([name, { bytes }]) => (name === file ? [] : [[name, bytes.toString()] as const]));
  const result = v.safeParse(schema, Object.fromEntries(texts));
  if (!result.success) throw refuse(234001, { msg: `Invalid request param: ${v.getDotPath(result.issues[0]) ?? ""}` });
  return { fields: result.output, part };
}

function sized({ bytes }: FormPart, limit: number): Uint8Array {
  if (bytes.length === 0) throw refuse(234010);
  if (bytes.length > limit) throw refuse(234006);
  return Uint8Array.from(bytes);
}
