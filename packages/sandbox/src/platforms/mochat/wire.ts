import * as v from "valibot";
import type { MochatBehaviour, MochatShape } from "./behaviour.ts";
import type { RetainedPage } from "./retained.ts";

/** A send request that is as it must be. */
export interface SendRequest {
  readonly userId: string;
  readonly text: string;
}

/** The JSON texts that a receive answer is made of. */
interface Pieces {
  /** The array of messages. */
  readonly list: string;
  /** `"code":…` */
  readonly code: string;
  /** `,"has_more":…` or nothing. */
  readonly more: string;
}

const SHAPES: Readonly<Record<MochatShape, (pieces: Pieces) => string | null>> = {
  R1: ({ list, code, more }) => `{${code},"msg":"ok","data":${list}${more}}`,
  R2: ({ list, more }) => `{"messages":${list}${more}}`,
  "R3-messages": ({ list, code, more }) => `{${code},"data":{"messages":${list}${more}}}`,
  "R3-list": ({ list, code, more }) => `{${code},"data":{"list":${list}${more}}}`,
  R4: ({ list }) => list,
  R5: ({ list, code, more }) => `{${code},"data":[],"messages":${list}${more}}`,
  R6: ({ list, more }) => `{"data":null,"messages":${list}${more}}`,
  "R7-code": ({ code }) => `{${code}}`,
  "R7-empty": () => "{}",
  "R7-null": () => '{"data":null}',
  "R7-204": () => null,
  R8: () => '{"code":500,"msg":"db down"}',
  "R9-number": () => "42",
  "R9-string": () => '"ok"',
};

/** The body of the answer to a poll, in the shape asked for; `null` where the answer is HTTP 204. */
export function renderPage(page: RetainedPage, { shape, receiveCode, hasMore }: MochatBehaviour): string | null {
  return SHAPES[shape]({
    list: `[${page.elements.map((element) => element.json).join(",")}]`,
    code: `"code":${JSON.stringify(receiveCode)}`,
    more: hasMore === "absent" ? "" : `,"${hasMore}":${page.hasMore}`,
  });
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
