import { sniffMediaType, type MediaBytes } from "@revka/core";

/** What the target of a file is. */
export type MediaTarget =
  | { readonly kind: "data"; readonly file: MediaBytes }
  | { readonly kind: "url"; readonly url: string }
  | { readonly kind: "path" }
  | { readonly kind: "refused"; readonly reason: string };

/** Reads a target: a `data:` URI of at most `maxBytes`, an https address, or a path, which is what everything else is taken for. */
export function readTarget(target: string, maxBytes: number): MediaTarget {
  if (/^data:/iu.test(target)) return readDataUri(target, maxBytes);
  if (!/^[a-z][a-z\d+.-]*:\/\//iu.test(target)) return { kind: "path" };
  const url = URL.parse(target);
  return url?.protocol === "https:" ? { kind: "url", url: target } : { kind: "refused", reason: "only https addresses are sent" };
}

function readDataUri(uri: string, maxBytes: number): MediaTarget {
  const comma = uri.indexOf(",");
  const [type = "", ...parameters] = uri.slice("data:".length, Math.max(comma, 0)).split(";").map((part) => part.trim().toLowerCase());
  if (comma < 0 || parameters.at(-1) !== "base64") return { kind: "refused", reason: "a data: URI must be base64" };
  const content = uri.slice(comma + 1);
  if (Buffer.byteLength(content, "base64") > maxBytes) return { kind: "refused", reason: `it is larger than ${maxBytes} bytes` };
  const bytes = new Uint8Array(Buffer.from(content, "base64"));
  if (bytes.length === 0) return { kind: "refused", reason: "it is empty" };
  const mediaType = sniffMediaType(bytes) ?? (type === "" ? undefined : type);
  return { kind: "data", file: { bytes, ...(mediaType !== undefined && { mediaType }) } };
}
