import type { Sandbox } from "../sandbox.ts";

/** The answer of a webhook call. */
export interface WecomAnswer {
  readonly errcode: number;
  readonly errmsg: string;
  readonly [key: string]: unknown;
}

/** Posts a message, given as its JSON text or value, with the first bot's key unless another is given. */
export async function postMessage({ wecom }: Sandbox, message: unknown, key: string = wecom.key): Promise<WecomAnswer> {
  const body = typeof message === "string" ? message : JSON.stringify(message);
  return answerOf(await fetch(`${wecom.url}/cgi-bin/webhook/send?key=${key}`, { method: "POST", headers: { "content-type": "application/json" }, body }));
}

/** Uploads a file as the part `media`. */
export async function uploadFile({ wecom }: Sandbox, file: { readonly bytes: Uint8Array<ArrayBuffer>; readonly type?: string; readonly key?: string }): Promise<WecomAnswer> {
  const form = new FormData();
  form.set("media", new File([file.bytes], "report.bin"));
  const query = new URLSearchParams({ key: file.key ?? wecom.key, type: file.type ?? "file" });
  return answerOf(await fetch(`${wecom.url}/cgi-bin/webhook/upload_media?${query.toString()}`, { method: "POST", body: form }));
}

async function answerOf(response: Response): Promise<WecomAnswer> {
  if (response.status !== 200) throw new TypeError(`the webhook answered ${response.status}`);
  return (await response.json()) as WecomAnswer;
}
