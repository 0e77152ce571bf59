/** One field of a form. */
export interface FormPart {
  /** Absent where the client names none; the official SDK does so for bytes that it has in memory. */
  readonly fileName?: string;
  readonly contentType?: string;
  readonly bytes: Buffer;
}

const LINE_END = "\r\n";
const HEAD_END = "\r\n\r\n";

/**
 * Reads a `multipart/form-data` body; empty when it is none, and the last field of a name wins.
 *
 * The web's own `formData()` reads a part without a file name as text, which destroys bytes; the platform takes such parts as files.
 */
export function readMultipart(body: Uint8Array, contentType: string): ReadonlyMap<string, FormPart> {
  const parts = new Map<string, FormPart>();
  const boundary = /^multipart\/form-data;.*boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType);
  if (boundary === null) return parts;
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.length);
  const delimiter = `--${boundary[1] ?? boundary[2] ?? ""}`;
  let start = bytes.indexOf(delimiter);
  while (start !== -1) {
    const end = bytes.indexOf(LINE_END + delimiter, start);
    const headEnd = bytes.indexOf(HEAD_END, start);
    if (end === -1 || headEnd === -1) return parts;
    const head = bytes.subarray(start + delimiter.length, headEnd).toString();
    const name = /; name="([^"]*)"/i.exec(head)?.[1];
    if (name !== undefined) parts.set(name, { ...describe(head), bytes: bytes.subarray(headEnd + HEAD_END.length, end) });
    start = end + LINE_END.length;
  }
  return parts;
}

function describe(head: string): Pick<FormPart, "fileName" | "contentType"> {
  const fileName = /; filename="([^"]*)"/i.exec(head)?.[1];
  const contentType = /^content-type:\s*(\S+)/im.exec(head)?.[1];
  return { ...(fileName === undefined ? {} : { fileName }), ...(contentType === undefined ? {} : { contentType }) };
}
