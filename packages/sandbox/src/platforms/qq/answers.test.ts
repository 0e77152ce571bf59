import { describe, expect, it } from "vitest";
import { handClock, openSandbox } from "../../testing/open-sandbox.ts";
import { openCaller } from "../../testing/qq-peer.ts";
import type { QqControl } from "./api.ts";

const USER = "/v2/users/USER_1/messages";
const GROUP = "/v2/groups/GROUP_1/messages";

interface Scene {
  readonly qq: QqControl;
  readonly clock: ReturnType<typeof handClock>;
  /** Sends a text, and gives 0 or the code that it is refused with. */
  readonly send: (fields?: object, path?: string) => Promise<unknown>;
}

async function openScene(): Promise<Scene> {
  const clock = handClock();
  const { qq, ...sandbox } = await openSandbox({ now: clock.now });
  const call = await openCaller({ qq, ...sandbox });
  return { qq, clock, send: async (fields, path = USER) => (await call(path, { content: "hi", ...fields })).json["code"] ?? 0 };
}

describe("an answer", () => {
  it("is one of four in private, each with a number of its own", async () => {
    const { qq, send } = await openScene();
    const msg_id = qq.say("USER_1", "hello");
    expect(await send({ msg_id })).toBe(0);
    expect(await send({ msg_id, msg_seq: 1 })).toBe(40054005);
    for (const msg_seq of [2, 3, 900_000]) expect(await send({ msg_id, msg_seq })).toBe(0);
    expect(await send({ msg_id, msg_seq: 5 })).toBe(40034128);
    expect(await send({ msg_id, msg_seq: 2 })).toBe(40054005);
    expect(qq.sent.map(({ msgSeq }) => msgSeq)).toEqual([1, 2, 3, 900_000]);
  });

  it("is one of five in a group", async () => {
    const { qq, send } = await openScene();
    const msg_id = qq.say("USER_2", "hello", { group: "GROUP_1" });
    for (const msg_seq of [1, 2, 3, 4, 5]) expect(await send({ msg_id, msg_seq }, GROUP)).toBe(0);
    expect(await send({ msg_id, msg_seq: 6 }, GROUP)).toBe(40034128);
  });

  it.each([["USER_1", undefined, USER, 3_600_000], ["USER_2", "GROUP_1", GROUP, 300_000]])("of %s in %s is in time at %s for %i ms", async (user, group, path, windowMs) => {
    const { qq, clock, send } = await openScene();
    const msg_id = qq.say(user, "hello", group === undefined ? {} : { group });
    clock.advance(windowMs - 1);
    expect(await send({ msg_id }, path)).toBe(0);
    clock.advance(1);
    expect(await send({ msg_id, msg_seq: 2 }, path)).toBe(304027);
  });

  it("goes by switches that say otherwise", async () => {
    const { qq, clock, send } = await openScene();
    qq.behave({ privateReplies: 1, privateWindowMs: 1_000 });
    const [first, second] = [qq.say("USER_1", "one"), qq.say("USER_1", "two")];
    expect([await send({ msg_id: first }), await send({ msg_id: first, msg_seq: 2 })]).toEqual([0, 40034128]);
    clock.advance(1_000);
    expect(await send({ msg_id: second })).toBe(304027);
  });

  it("belongs to the place that the message came from, and to a message of a user", async () => {
    const { qq, send } = await openScene();
    const msg_id = qq.say("USER_2", "hello", { group: "GROUP_1" });
    expect(await send({ msg_id })).toBe(40034024);
    expect(await send({ msg_id }, "/v2/users/GROUP_1/messages")).toBe(11255);
    expect(await send({ msg_id }, "/v2/groups/GROUP_2/messages")).toBe(11255);
    expect(await send({ msg_id }, GROUP)).toBe(0);
    expect(await send({ msg_id: qq.sent[0]?.id }, GROUP)).toBe(40034024);
  });

  it.each([
    ["FRIEND_ADD", "USER_1", USER, 0], ["C2C_MSG_RECEIVE", "USER_1", USER, 0], ["C2C_MSG_REJECT", "USER_1", USER, 40034025],
    ["GROUP_ADD_ROBOT", { group: "GROUP_1" }, GROUP, 0], ["GROUP_MSG_RECEIVE", { group: "GROUP_1" }, GROUP, 0], ["GROUP_MSG_REJECT", { group: "GROUP_1" }, GROUP, 40034025],
  ] as const)("may be to %s of %o at %s: %i", async (notice, where, path, code) => {
    const { qq, send } = await openScene();
    const event_id = qq.notify(notice, where);
    expect(await send({ event_id }, path)).toBe(code);
    if (code === 0) expect(qq.sent).toMatchObject([{ eventId: event_id, msgSeq: 1 }]);
    expect(await send({ msg_id: event_id }, path)).toBe(40034024);
  });

  it("may be typing, which is one of the four and no message", async () => {
    const { qq, send } = await openScene();
    const msg_id = qq.say("USER_1", "hello");
    const typing = { msg_type: 6, content: "", input_notify: { input_type: 1, input_second: 60 } };
    expect(await send({ ...typing, msg_id })).toBe(0);
    expect(await send({ msg_id })).toBe(40054005);
    expect([qq.typings.length, qq.sent.length]).toEqual([1, 0]);
    const inGroup = qq.say("USER_2", "hello", { group: "GROUP_1" });
    expect(await send({ ...typing, msg_id: inGroup }, GROUP)).toBe(22006);
  });
});

describe("a message that answers nothing", () => {
  it("goes only to who is known", async () => {
    const { qq, send } = await openScene();
    expect(await send({}, "/v2/users/USER_9/messages")).toBe(11255);
    qq.meet("USER_9");
    expect(await send({}, "/v2/users/USER_9/messages")).toBe(0);
    qq.meet({ group: "GROUP_9" });
    expect(await send({}, "/v2/groups/GROUP_9/messages")).toBe(0);
  });

  it.each([
    ["C2C_MSG_REJECT", "C2C_MSG_RECEIVE", "USER_1", USER, 40034105], ["GROUP_MSG_REJECT", "GROUP_MSG_RECEIVE", { group: "GROUP_1" }, GROUP, 40034105],
    ["FRIEND_DEL", "FRIEND_ADD", "USER_1", USER, 40054004], ["GROUP_DEL_ROBOT", "GROUP_ADD_ROBOT", { group: "GROUP_1" }, GROUP, 40034101],
  ] as const)("is not possible from %s to %s of %o", async (off, on, where, path, code) => {
    const { qq, send } = await openScene();
    qq.notify(off, where);
    expect(await send({}, path)).toBe(code);
    qq.notify(on, where);
    expect(await send({}, path)).toBe(0);
  });

  it("is declined while answers are welcome", async () => {
    const { qq, send } = await openScene();
    qq.notify("C2C_MSG_REJECT", "USER_1");
    const msg_id = qq.say("USER_1", "but you may answer");
    expect([await send({ msg_id }), await send()]).toEqual([0, 40034105]);
  });

  it("comes 5 times a second, 20 times a minute to one and 30 times to all", async () => {
    const { qq, clock, send } = await openScene();
    const codes = async (count: number, path?: string): Promise<unknown[]> => {
      const all = [];
      for (let index = 0; index < count; index += 1) {
        clock.advance(250);
        all.push(await send({}, path));
      }
      return [...new Set(all)];
    };
    for (let index = 0; index < 5; index += 1) expect(await send()).toBe(0);
    expect(await send()).toBe(40034100);
    clock.advance(60_000);
    expect(await codes(20)).toEqual([0]);
    expect(await codes(1)).toEqual([40034100]);
    expect(await codes(9, "/v2/users/USER_1/messages")).toEqual([40034100]);
    qq.behave({ proactivePerMinute: 40 });
    qq.meet("USER_3");
    expect(await codes(10, "/v2/users/USER_3/messages")).toEqual([0]);
    expect(await codes(1, "/v2/users/USER_3/messages")).toEqual([40034100]);
    expect(await codes(20, GROUP)).toEqual([0]);
  });
});
