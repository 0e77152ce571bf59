import { describe, expect, it } from "vitest";
import { dispatch, hello, privateMessage, ready } from "./listening.test-support.ts";
import { opened, step, type StreamEffect, type StreamState } from "./stream.ts";
import { decodeFrame } from "./wire.ts";

/** Every effect of these frames, and the state they lead to. */
function play(hasSession: boolean, ...frames: readonly (string | Uint8Array)[]): { readonly state: StreamState; readonly effects: readonly StreamEffect[] } {
  let state = opened(hasSession);
  const effects: StreamEffect[] = [];
  for (const frame of frames) {
    const next = step(state, decodeFrame(frame));
    state = next.state;
    effects.push(...next.effects);
  }
  return { state, effects };
}
const kindsOf = (effects: readonly StreamEffect[]): readonly string[] => effects.map((effect) => (effect.kind === "say" ? effect.what : effect.kind));
const frame = (op: number, d?: unknown): string => JSON.stringify({ op, d });

describe("step", () => {
  it("identifies after the Hello, and beats once the session stands (QQ-20)", () => {
    const { state, effects } = play(false, hello(30_000), ready("s", 1));
    expect(kindsOf(effects)).toEqual(["heart", "identify", "ready", "beat"]);
    expect(effects[0]).toEqual({ kind: "heart", intervalMs: 30_000 });
    expect(effects[2]).toEqual({ kind: "ready", sessionId: "s", botId: "BOT1", sequence: 1 });
    expect(state).toEqual({ phase: "ready", hasSession: true });
  });

  it.each(["", {}, undefined, null])("resumes where there is a session, whatever RESUMED holds: %j (QQ-19)", (d) => {
    const { state, effects } = play(true, hello(), dispatch("C2C_MESSAGE_CREATE", privateMessage(), 8), dispatch("RESUMED", d, 9));
    expect(kindsOf(effects)).toEqual(["heart", "resume", "event", "resumed", "beat"]);
    expect(effects[3]).toEqual({ kind: "resumed", sequence: 9 });
    expect(state.phase).toBe("ready");
  });

  it.each([
    [0, 1_000],
    [-5, 1_000],
    [1e9, 600_000],
    ["45000", 45_000],
    ["soon", 41_250],
    [{}, 41_250],
    [null, 41_250],
  ])("takes a heartbeat interval of %o for %i ms", (interval, intervalMs) => {
    const { effects } = play(false, hello(interval));
    expect(effects.filter(({ kind }) => kind === "heart")).toEqual([{ kind: "heart", intervalMs }]);
    expect(effects.some(({ kind }) => kind === "note")).toBe(intervalMs !== 45_000);
  });

  it.each([
    ["a Reconnect", frame(7), { session: "keep", next: "now" }, "QQ: received Reconnect (op 7); will resume"],
    ["an Invalid Session that may be resumed", frame(9, true), { session: "keep", next: "soon" }, "QQ: received Invalid Session (op 9); will resume"],
    ["an Invalid Session", frame(9, false), { session: "drop", next: "soon" }, "QQ: received Invalid Session (op 9); clearing session for fresh auth"],
    ["an Invalid Session that says nothing", frame(9), { session: "drop", next: "soon" }, "QQ: received Invalid Session (op 9); clearing session for fresh auth"],
  ])("leaves the connection after %s (QQ-D07)", (_title, text, verdict, note) => {
    expect(play(false, hello(), ready(), text).effects.at(-1)).toEqual({ kind: "end", verdict, note });
  });

  it("does not try a session twice that may be resumed and then is refused", () => {
    expect(play(true, hello(), frame(9, true)).effects.at(-1)).toMatchObject({ verdict: { session: "drop" } });
  });

  it("beats when it is asked to, and notices answers", () => {
    expect(kindsOf(play(false, hello(), ready(), frame(1), frame(11)).effects).slice(-2)).toEqual(["beat", "alive"]);
  });

  it("takes a second READY for a new session", () => {
    expect(play(false, hello(), ready("a", 1), ready("b", 7)).effects.at(-2)).toMatchObject({ kind: "ready", sessionId: "b", sequence: 7 });
  });

  it("goes on without a session that has no id", () => {
    expect(play(false, hello(), dispatch("READY", null)).state).toEqual({ phase: "ready", hasSession: false });
  });

  it.each([
    ["garbage", "<html>", "not a frame of the gateway"],
    ["nothing", "", "not a frame of the gateway"],
    ["a scalar", "42", "not a frame of the gateway"],
    ["a frame without an opcode", '{"d":1}', "not a frame of the gateway"],
    ["bytes", Uint8Array.of(1, 2), "a binary frame"],
    ["an unknown opcode", frame(42), "an unknown opcode"],
    ["a second Hello", hello(), "a second Hello"],
    ["a dispatch without a type", frame(0), "a dispatch without a type"],
    ["a message that cannot be read", dispatch("C2C_MESSAGE_CREATE", null, 3), "an event that cannot be read: C2C_MESSAGE_CREATE"],
    ["a consent of nobody", dispatch("FRIEND_ADD", { openid: "../x" }, 3), "an event that cannot be read: FRIEND_ADD"],
  ])("notes %s and goes on", (_title, text, problem) => {
    const { state, effects } = play(false, hello(), ready(), text);
    expect(effects).toContainEqual(expect.objectContaining({ kind: "note", problem }));
    expect(state.phase).toBe("ready");
  });

  it.each(["INTERACTION_CREATE", "GROUP_MEMBER_ADD", "SOMETHING_NEW"])("passes over %s, which is committed all the same", (type) => {
    expect(play(false, hello(), ready(), dispatch(type, { id: "x" }, 5)).effects.at(-1)).toEqual({ kind: "event", event: { kind: "other", type }, sequence: 5 });
  });
});

/** A generator of numbers in [0, 1) that gives the same ones each time (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

describe("step with whatever may come", () => {
  const values: readonly unknown[] = [null, true, false, 0, -1, 1e308, "", "x", [], [null], {}, { session_id: "s" }, { heartbeat_interval: {} }, privateMessage(), privateMessage({ id: {} }), { author: [] }];
  const types: readonly unknown[] = ["READY", "RESUMED", "C2C_MESSAGE_CREATE", "GROUP_AT_MESSAGE_CREATE", "GROUP_MESSAGE_CREATE", "FRIEND_DEL", "GROUP_MSG_REJECT", "__proto__", "", 7, null];
  const pick = <T>(random: () => number, from: readonly T[]): T | undefined => from[Math.floor(random() * from.length)];

  it.each(Array.from({ length: 20 }, (_, seed) => seed))("never throws and never leaves its states, seed %i", (seed) => {
    const random = seeded(seed);
    let state = opened(random() < 0.5);
    for (let count = 0; count < 200; count += 1) {
      const text = JSON.stringify({ op: Math.floor(random() * 14) - 1, d: pick(random, values), s: pick(random, values), t: pick(random, types) });
      const next = step(state, decodeFrame(random() < 0.1 ? text.slice(0, Math.floor(random() * text.length)) : text));
      state = next.state;
      expect(["greeting", "identifying", "resuming", "ready"]).toContain(state.phase);
      for (const effect of next.effects) {
        if (effect.kind === "heart") expect(effect.intervalMs).toSatisfy((ms: number) => ms >= 1_000 && ms <= 600_000);
        if (effect.kind === "ready") expect(Number.isSafeInteger(effect.sequence)).toBe(true);
      }
    }
  });
});
