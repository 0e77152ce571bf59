import * as v from "valibot";
import type { MochatBehaviour } from "./behaviour.ts";
import type { RetainedPage } from "./retained.ts";

/** A status and a body that is JSON text, or none. */
export interface WireAnswer {
  readonly status: 200 | 204;
  readonly body: string | null;
}

/** A send request that is as it must be. */
export interface SendRequest {
  readonly userId: string;
  readonly text: string;
}

/** The answer to a poll, in the shape asked for. */
export function renderPage(page: RetainedPage, { shape, receiveCode, hasMore }: MochatBehaviour): WireAnswer {
  const list = `[${page.elements.map((element) => element.json).join(",")}]`;
  const code = `"code":${JSON.stringify(receiveCode)}`;
  const more = hasMore === "absent" ? "" : `,"${hasMore}":${page.hasMore}`;
  switch (shape) {
    case "R1":
      return ok(`{${code},"msg":"ok","data":${list}${more}}`);
    case "R2":
      return ok(`{"messages":${list}${more}}`);
    case "R3-messages":
      return ok(`{${code},"data":{"messages":${list}${more}}}`);
    case "R3-list":
      return ok(`{${code},"data":{"list":${list}${more}}}`);
    case "R4":
      return ok(list);
    case "R5":
      return ok(`{${code},"data":[],"messages":${list}${more}}`);
    case "R6":
      return ok(`{"data":null,"messages":${list}${more}}`);
    case "R7-code":
      return ok(`{${code}}`);
    case "R7-empty":
      return ok("{}");
    case "R7-null":
      return ok('{"data":null}');
    case "R7-204":
      return { status: 204, body: null };
    case "R8":
      return ok('{"code":500,"msg":"db down"}');
    case "R9-number":
      return ok("42");
    case "R9-string":
      return ok('"ok"');
  }
}

const SEND = v.object({
  toUserId: v.pipe(v.string(), v.nonEmpty()),
  msgType: v.literal("text"),
  content: v.object({ text: v.pipe(v.string(), v.nonEmpty()) }),
});

/** Reads the body of a send; otherwise tells what is wrong, in the words of the refusal. */
export function parseSend(body: string): SendRequest | { readonly refusal: string } {
  const result = v.safeParse(v.pipe(v.string(), v.parseJson(), SEND), body);
  if (result.success) return { userId: result.output.toUserId, text: result.output.content.text };
  const [issue] = result.issues;
  return { refusal: `${v.getDotPath(issue) ?? "body"} is missing or invalid` };
}

/** The answer to a send that `behaviour` asks for. */
export function renderSent(messageId: string, { sendCode, sendTextKey }: MochatBehaviour): string {
  const isGood = acceptsSend(sendCode);
  return JSON.stringify({
    ...(sendCode === null ? {} : { code: sendCode }),
    ...(sendTextKey === "none" ? {} : { [sendTextKey]: isGood ? "ok" : "send refused" }),
    ...(isGood ? { data: { messageId } } : {}),
  });
}

/** Whether a send with this body code is delivered; one without a code is, although its client cannot know. */
export function acceptsSend(code: MochatBehaviour["sendCode"]): boolean {
  return code === null || ["0", "200"].includes(String(code));
}

function ok(body: string): WireAnswer {
  return { status: 200, body };
}
