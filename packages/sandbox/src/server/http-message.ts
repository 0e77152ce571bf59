import type { IncomingMessage, ServerResponse } from "node:http";

/** The largest request body that is read; WeCom's uploads of 20 MB and QQ's of 16 MB fit. */
export const MAX_REQUEST_BYTES: number = 32 * 1024 * 1024;

/** The first line and the headers of a request. */
export interface RequestHead {
  readonly method: string;
  /** Path and query as they stand in the request line. */
  readonly target: string;
  readonly headers: Headers;
}

/** A whole answer, before it is written. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** Reads the head of a request. */
export function headOf(incoming: IncomingMessage): RequestHead {
  const headers = new Headers();
  const raw = incoming.rawHeaders;
  for (let index = 0; index < raw.length; index += 2) headers.append(raw[index] ?? "", raw[index + 1] ?? "");
  return { method: incoming.method ?? "GET", target: incoming.url ?? "/", headers };
}

/** Reads a request's body; `undefined` when it is larger than {@link MAX_REQUEST_BYTES}. Rejects when the client leaves. */
export async function readBody(incoming: IncomingMessage): Promise<Buffer<ArrayBuffer> | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const body: AsyncIterable<Uint8Array> = incoming;
  for await (const chunk of body) {
    size += chunk.length;
    // Goes on reading, so that the client gets to see the refusal.
    if (size <= MAX_REQUEST_BYTES) chunks.push(chunk);
  }
  return size <= MAX_REQUEST_BYTES ? Buffer.concat(chunks) : undefined;
}

/** An answer with a JSON body. */
export function jsonAnswer(status: number, value: unknown): Answer {
  return { status, headers: { "content-type": "application/json" }, body: Buffer.from(JSON.stringify(value)) };
}

/** Reads a web `Response` to its end. */
export async function answerOf(response: Response): Promise<Answer> {
  return {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    body: new Uint8Array(await response.arrayBuffer()),
  };
}

/** Writes an answer: all of it, or only the first `bodyBytes` of its body and then closes the connection. */
export function writeAnswer(outgoing: ServerResponse, answer: Answer, bodyBytes: number = answer.body.length): void {
  const bodiless = answer.status === 204 || answer.status === 304;
  outgoing.writeHead(answer.status, bodiless ? answer.headers : { ...answer.headers, "content-length": answer.body.length });
  if (bodyBytes === answer.body.length) {
    outgoing.end(answer.body);
    return;
  }
  outgoing.write(answer.body.subarray(0, bodyBytes), () => outgoing.destroy());
}
