import type { HonoRequest } from "hono";
import { amrDurationMs } from "./amr.ts";
import { LIMITS } from "./limits.ts";
import { type Refusal, refuse } from "./refusal.ts";

/** A file that may be stored. */
export interface UploadedFile {
  readonly type: "file" | "voice";
  readonly name: string;
  readonly bytes: Buffer;
}

/** Reads the `media` part of an upload and checks it by the rules of its type. */
export async function readUpload(request: HonoRequest, type: string | undefined): Promise<UploadedFile | Refusal> {
  if (type !== "file" && type !== "voice") return refuse(40005);
  const { media: part } = await request.parseBody().catch(() => ({ media: undefined }));
  if (!(part instanceof File)) return refuse(44001);
  const bytes = Buffer.from(await part.arrayBuffer());
  return checkFile(type, bytes) ?? { type, name: part.name, bytes };
}

function checkFile(type: UploadedFile["type"], bytes: Buffer): Refusal | undefined {
  if (bytes.length <= LIMITS.minFileBytes) return refuse(40006);
  if (bytes.length > (type === "voice" ? LIMITS.voiceBytes : LIMITS.fileBytes)) return refuse(45001);
  if (type === "file") return undefined;
  const durationMs = amrDurationMs(bytes);
  if (durationMs === undefined) return refuse(301016);
  return durationMs > LIMITS.voiceMs ? refuse(45007) : undefined;
}
