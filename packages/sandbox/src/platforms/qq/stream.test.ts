import { describe, expect, it } from "vitest";
import { handClock, openSandbox } from "../../testing/open-sandbox.ts";
import { openCaller } from "../../testing/qq-peer.ts";
import type { QqControl } from "./api.ts";

const USER = "/v2/users/USER_1";

interface Scene {
  readonly qq: QqControl;
  readonly clock: ReturnType<typeof handClock>;
  readonly call: Awaited<ReturnType<typeof openCaller>>;
  /** Sends a frame of a growing message, which answers what USER_1 said. */
  readonly grow: (fields: object) => Promise<Record<string, unknown>>;
}

async function openScene(): Promise<Scene> {
  const clock = handClock();
  const sandbox = await openSandbox({ now: clock.now });
  const call = await openCaller(sandbox);
  const msg_id = sandbox.qq.say("USER_1", "hello");
  const first = { input_mode: "replace", input_state: 1, index: 0, content_type: "markdown", msg_id, msg_seq: 1 };
  return { qq: sandbox.qq, clock, call, grow: async (fields) => (await call(`${USER}/stream_messages`, { ...first, ...fields })).json };
}

describe("a growing message", () => {
  it("grows frame by frame and arrives when it is finished", async () => {
    const { qq, grow, call } = await openScene();
    const { id, ...begun } = await grow({ content_raw: "Looking" });
    expect(begun).toMatchObject({ timestamp: expect.any(String) as string, ext_info: {}, remain_msg_len: 4_993 });
    expect(await grow({ content_raw: "Looking it up", index: 1, stream_msg_id: id })).toMatchObject({ id });
    expect(qq.streams).toMatchObject([{ id, text: "Looking it up", frames: 2, isFinished: false }]);
    expect(qq.sent).toEqual([]);
    await grow({ content_raw: ". Done.", index: 2, stream_msg_id: id, input_mode: "append", input_state: 10 });
    expect(qq.sent).toMatchObject([{ id, user: "USER_1", kind: "stream", text: "Looking it up. Done.", msgSeq: 1 }]);
    expect(await grow({ content_raw: "x", index: 3, stream_msg_id: id })).toMatchObject({ code: 50001 });
    expect(await grow({ content_raw: "x" })).toMatchObject({ code: 40054005 });
    expect((await call("/v2/groups/GROUP_1/stream_messages", {})).status).toBe(404);
  });

  it.each<readonly [title: string, fields: object, code: number]>([
    ["what was shown is changed", { content_raw: "Other", index: 1 }, 40007],
    ["a frame is missing", { content_raw: "Looking it up", index: 2 }, 50001],
    ["its number changes", { content_raw: "Looking it up", index: 1, msg_seq: 2 }, 50001],
    ["nobody knows it", { content_raw: "Looking it up", index: 1, stream_msg_id: "x" }, 50001],
    ["it gets too long", { content_raw: `Looking${"x".repeat(5_000)}`, index: 1 }, 40054007],
    ["its mode is unknown", { content_raw: "x", index: 1, input_mode: "insert" }, 11255],
  ])("is refused when %s", async (_title, fields, code) => {
    const { grow } = await openScene();
    const { id } = await grow({ content_raw: "Looking" });
    expect(await grow({ stream_msg_id: id, ...fields })).toMatchObject({ code });
  });

  it("answers only what was said in the last 5 minutes", async () => {
    const { clock, grow, qq } = await openScene();
    qq.refuse({ code: 50002, call: "stream" });
    expect(await grow({ content_raw: "x" })).toMatchObject({ code: 50002 });
    clock.advance(300_000);
    expect(await grow({ content_raw: "x" })).toMatchObject({ code: 304027 });
  });
});

describe("taking a message back", () => {
  it("works for two minutes, once, where it was sent", async () => {
    const { qq, clock, call } = await openScene();
    const send = async (): Promise<string> => String((await call(`${USER}/messages`, { content: "hi" })).json["id"]);
    const [first, second] = [await send(), await send()];
    const recall = async (id: string, path = USER): Promise<unknown> => (await call(`${path}/messages/${id}`, undefined, "DELETE")).json["code"] ?? 0;
    clock.advance(119_999);
    expect([await recall(first, "/v2/groups/GROUP_1"), await recall(first), await recall(first)]).toEqual([40061002, 0, 40061002]);
    clock.advance(1);
    expect(await recall(second)).toBe(40061001);
    expect(qq.sent.map(({ isRecalled }) => isRecalled)).toEqual([true, false]);
    qq.refuse({ code: 306009, call: "recall" });
    expect(await recall(second)).toBe(306009);
  });
});

describe("a press on a button", () => {
  it.each([[undefined, `${USER}/messages`], ["GROUP_1", "/v2/groups/GROUP_1/messages"]])("in %s is acknowledged, and answered at %s", async (group, path) => {
    const { qq, call } = await openScene();
    const { id, eventId } = qq.interact("USER_1", { ...(group === undefined ? {} : { group }), resolved: { button_data: "yes" } });
    expect((await call(`/interactions/${id}`, { code: 0 }, "PUT")).status).toBe(204);
    expect((await call("/interactions/x", { code: 0 }, "PUT")).json["code"]).toBe(11255);
    expect((await call(`/interactions/${id}`, { code: 6 }, "PUT")).json["code"]).toBe(11255);
    expect(qq.interactionAcks).toMatchObject([{ id, code: 0 }]);
    expect((await call(path, { content: "hi", event_id: eventId })).status).toBe(200);
  });
});
