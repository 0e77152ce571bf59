import { describe, expect, it } from "vitest";
import { handClock, openSandbox } from "../../testing/open-sandbox.ts";
import { openCaller, type QqAnswer } from "../../testing/qq-peer.ts";
import type { Sandbox } from "../../sandbox.ts";
import type { QqBehaviour } from "./behaviour.ts";

const USER = "/v2/users/USER_1/messages";
const GROUP = "/v2/groups/GROUP_1/messages";

interface Scene {
  readonly sandbox: Sandbox;
  readonly clock: ReturnType<typeof handClock>;
  readonly call: Awaited<ReturnType<typeof openCaller>>;
  /** Sends, and gives 0 or the code that it is refused with. */
  readonly send: (body: object, path?: string) => Promise<unknown>;
}

async function openScene(switches: Partial<QqBehaviour> = {}): Promise<Scene> {
  const clock = handClock();
  const sandbox = await openSandbox({ now: clock.now });
  sandbox.qq.behave(switches);
  const call = await openCaller(sandbox);
  return { sandbox, clock, call, send: async (body, path = USER) => codeOf(await call(path, body)) };
}

function codeOf({ json }: QqAnswer): unknown {
  return json["code"] ?? 0;
}

describe("a message", () => {
  it("arrives as an answer, in private and in a group, with everything that it said", async () => {
    const { sandbox: { qq }, call } = await openScene();
    const asked = qq.say("USER_1", "hello");
    const markdown = { msg_type: 2, markdown: { content: "**Done.**" }, msg_id: asked, msg_seq: 1 };
    const { status, json } = await call(USER, markdown);
    expect({ status, json }).toEqual({ status: 200, json: { id: expect.stringMatching(/^ROBOT1\.0_/) as string, timestamp: "2026-09-21T22:13:20+08:00", ext_info: { ref_idx: expect.stringMatching(/^REFIDX_/) as string } } });
    const inGroup = qq.say("USER_2", "hello", { group: "GROUP_1" });
    qq.behave({ timestampAs: "number" });
    expect((await call(GROUP, { msg_type: 0, content: "pong", msg_id: inGroup })).json["timestamp"]).toBe(1_790_000_000);
    expect(await qq.nextReply({ group: "GROUP_1" })).toMatchObject({ seq: 2, user: "", group: "GROUP_1", kind: "text", text: "pong", msgId: inGroup, msgSeq: 1 });
    expect(await qq.nextReply("USER_1")).toMatchObject({ seq: 1, id: json["id"], user: "USER_1", kind: "markdown", text: "**Done.**", msgId: asked, msgSeq: 1, payload: markdown });
    const [first, second] = qq.sent;
    expect(first?.order).toBeLessThan(second?.order ?? 0);
  });

  it.each<readonly [title: string, body: object, code: number]>([
    ["a text without a type", { content: "hi" }, 0],
    ["a text", { msg_type: 0, content: "hi" }, 0],
    ["an empty text", { msg_type: 0, content: " " }, 50006],
    ["a text with markdown", { msg_type: 0, content: "hi", markdown: { content: "hi" } }, 22006],
    ["markdown", { msg_type: 2, markdown: { content: "hi" }, content: "" }, 0],
    ["markdown with fields that are null", { msg_type: 2, markdown: { content: "hi", custom_template_id: null }, media: null, keyboard: null }, 0],
    ["markdown from a template", { msg_type: 2, markdown: { custom_template_id: "t", params: [{ key: "a", values: ["b"] }] } }, 0],
    ["empty markdown", { msg_type: 2, markdown: { content: "" } }, 50006],
    ["markdown without markdown", { msg_type: 2, content: "" }, 22006],
    ["markdown beside a text", { msg_type: 2, markdown: { content: "hi" }, content: "hi" }, 50037],
    ["markdown beside a file", { msg_type: 2, markdown: { content: "hi" }, media: { file_info: "x" } }, 50037],
    ["markdown with a keyboard by id", { msg_type: 2, markdown: { content: "hi" }, keyboard: { id: "k" } }, 0],
    ["a keyboard of its own", { msg_type: 2, markdown: { content: "hi" }, keyboard: { content: { rows: [] } } }, 304057],
    ["an ark", { msg_type: 3, ark: { template_id: 23, kv: [] } }, 0],
    ["an ark without a template", { msg_type: 3, ark: {} }, 11255],
    ["an embed", { msg_type: 4, embed: {} }, 22006],
    ["a file that was never uploaded", { msg_type: 7, content: " ", media: { file_info: "x" } }, 304080],
    ["a file without a file", { msg_type: 7, content: " " }, 22006],
    ["an unknown type", { msg_type: 9 }, 22006],
    ["a type in a text", { msg_type: "0", content: "hi" }, 11255],
    ["5,000 characters", { content: "𝄞".repeat(5_000) }, 0],
    ["5,001 characters", { content: "x".repeat(5_001) }, 40054007],
    ["an unknown message to answer", { content: "hi", msg_id: "x" }, 40034024],
    ["an unknown event to answer", { content: "hi", event_id: "x" }, 40034025],
    ["both to answer", { content: "hi", msg_id: "x", event_id: "x" }, 11255],
    ["a wakeup", { content: "hi", is_wakeup: true }, 0],
    ["a wakeup as an answer", { content: "hi", is_wakeup: true, msg_id: "x" }, 11255],
    ["a quote", { content: "hi", message_reference: { message_id: "REFIDX_X==" } }, 0],
    ["typing without a message", { msg_type: 6, input_notify: { input_type: 1, input_second: 60 } }, 11255],
    ["typing for too long", { msg_type: 6, msg_id: "x", input_notify: { input_type: 1, input_second: 61 } }, 11255],
  ])("that is %s is answered with %#", async (_title, body, code) => {
    const { sandbox, send } = await openScene();
    expect(await send(body)).toBe(code);
    expect(sandbox.qq.sent).toHaveLength(code === 0 ? 1 : 0);
  });

  it.each<readonly [switches: Partial<QqBehaviour>, body: object, code: number]>([
    [{ grantsMarkdown: false }, { msg_type: 2, markdown: { content: "hi" } }, 304036],
    [{ grantsKeyboards: true }, { msg_type: 2, markdown: { content: "hi" }, keyboard: { content: { rows: [] } } }, 0],
    [{ textChars: 1 }, { content: "hi" }, 40054007],
    [{ allowedHosts: [] }, { content: "run crawler.py now" }, 40054010],
    [{ allowedHosts: ["example.com"] }, { content: "see https://Example.com/x" }, 0],
    [{ allowedHosts: ["example.com"] }, { msg_type: 2, markdown: { content: "see [x](https://www.example.com)" } }, 40054010],
    [{ allowedHosts: [] }, { content: "well. 3.14 is pi" }, 0],
    [{ allowsProactive: false }, { content: "hi" }, 40034102],
  ])("goes by %o: %o gets %i", async (switches, body, code) => {
    const { send } = await openScene(switches);
    expect(await send(body)).toBe(code);
  });

  it("must be small enough, and JSON", async () => {
    const { call } = await openScene({ bodyBytes: 100 });
    expect(await call(USER, { content: "x".repeat(100) })).toMatchObject({ status: 413, json: { code: 850031 } });
    expect(await call(USER, "{")).toMatchObject({ status: 400, json: { code: 11255 } });
    expect(await call("/v2/elsewhere", {})).toMatchObject({ status: 404 });
  });

  it("is refused with what a test asks for, in order, with status and data of its own", async () => {
    const { sandbox: { qq }, send, call } = await openScene();
    qq.refuse(22009, 2);
    qq.refuse({ code: 40054005, status: 200 });
    qq.refuse({ code: 304023, data: { message_audit: { audit_id: "a-1" } } });
    const body = { content: "hi" };
    expect(await call(USER, body)).toMatchObject({ status: 429, json: { code: 22009, err_code: 22009, trace_id: expect.any(String) as string } });
    expect(await send(body)).toBe(22009);
    expect(await call(USER, body)).toMatchObject({ status: 200, json: { code: 40054005 } });
    expect(await call(USER, body)).toMatchObject({ status: 202, json: { code: 304023, data: { message_audit: { audit_id: "a-1" } } } });
    expect(await send(body)).toBe(0);
    expect(() => qq.refuse(1, 10_001)).toThrow(RangeError);
  });

  it("may come 100 times a second", async () => {
    const { sandbox: { qq }, send, clock } = await openScene();
    qq.behave({ messagesPerSecond: 2 });
    expect([await send({ content: "" }), await send({ content: "" }), await send({ content: "" })]).toEqual([50006, 50006, 22009]);
    clock.advance(1_000);
    expect(await send({ content: "" })).toBe(50006);
  });
});
