import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

/** An answer of the server. */
export interface WhisperAnswer {
  readonly status: number;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A call as the server saw it. */
export interface WhisperCall {
  readonly path: string;
  readonly authorization: string | undefined;
  /** The fields of the form, in order; of a file its name and content. */
  readonly form: Readonly<Record<string, string>>;
}

/** A server that speaks the Whisper API. */
export interface WhisperServer {
  readonly url: string;
  readonly calls: readonly WhisperCall[];
}

const FIELD = /name="([^"]+)"(?:; filename="([^"]+)")?[^]*?\r\n\r\n([^]*?)\r\n--/gu;

function readForm(body: string): Record<string, string> {
  return Object.fromEntries([...body.matchAll(FIELD)].map(([, name = "", file, value = ""]) => [name, file === undefined ? value : `${file}: ${value}`]));
}

/** A server on this machine that gives these answers, one after another; it goes with the test. */
export async function openWhisperServer(...answers: readonly WhisperAnswer[]): Promise<WhisperServer> {
  const calls: WhisperCall[] = [];
  const left = [...answers];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      calls.push({ path: request.url ?? "", authorization: request.headers.authorization, form: readForm(Buffer.concat(chunks).toString("latin1")) });
      const { status, body, headers } = left.shift() ?? { status: 500, body: "" };
      response.writeHead(status, headers).end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => new Promise((resolve) => server.close(() => resolve()).closeAllConnections()));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/audio/transcriptions`, calls };
}
