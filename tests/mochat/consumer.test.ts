import { TransientError, type Accept } from "@revka/core";
import { describe, expect, it } from "vitest";
import { openMochat } from "../support/mochat-house.ts";

describe("a consumer", () => {
  it("that is full stops the polling, loses nothing, and is then given the rest (MOCHAT-62)", async () => {
    const { mochat, clock, listen, cursors } = await openMochat();
    const room = Promise.withResolvers<"accepted">();
    const asked: unknown[] = [];
    const answer: Accept = (_message, options) => {
      asked.push(options?.whenFull);
      return room.promise;
    };
    for (let n = 1; n <= 3; n += 1) mochat.say("u-1", `text ${n}`);
    const { texts, next, pass } = listen({ answer });
    await next();
    await clock.advance(600_000);
    expect(cursors()).toEqual([undefined]);
    mochat.say("u-1", "text 4");
    room.resolve("accepted");
    await pass();
    expect(texts()).toEqual(["text 1", "text 2", "text 3", "text 4"]);
    expect(cursors()).toEqual([undefined, "m-3"]);
    expect(new Set(asked)).toEqual(new Set(["wait"]));
  });

  it("that throws for one message is offered it four times, and gets those after it (MOCHAT-63)", async () => {
    const { mochat, listen, cursors, logged } = await openMochat();
    const answer: Accept = ({ id }) => (id === "m-1" ? Promise.reject(new RangeError("a bug")) : Promise.resolve("accepted"));
    mochat.say("u-1", "poison");
    mochat.say("u-1", "cure");
    const { texts, pass } = listen({ answer });
    expect(await pass(4)).toEqual([500, 1_000, 2_000, 5_000]);
    expect(texts().filter((text) => text === "poison")).toHaveLength(4);
    expect(texts().filter((text) => text === "cure")).toHaveLength(1);
    expect(cursors()).toEqual([undefined, "m-2"]);
    expect(logged("error")).toEqual(["Mochat: giving up a message that the consumer refuses"]);
  });

  it("whose disk is full is offered a message until it can keep it, and the cursor waits (MOCHAT-62)", async () => {
    const { mochat, listen, cursors } = await openMochat();
    let isFull = true;
    const answer: Accept = () => (isFull ? Promise.reject(new TransientError("the disk is full")) : Promise.resolve("accepted"));
    mochat.say("u-1", "keep me");
    const { pass } = listen({ answer });
    await pass(10);
    expect(cursors()).toEqual([undefined]);
    isFull = false;
    await pass(2);
    expect(cursors()).toEqual([undefined, "m-1"]);
  });

  it.each(["duplicate", "overflow"] as const)("that answers %s is done with the message", async (result) => {
    const { mochat, listen, cursors } = await openMochat();
    mochat.say("u-1", "hello");
    const { texts, pass } = listen({ answer: () => Promise.resolve(result) });
    await pass(2);
    expect(texts()).toEqual(["hello"]);
    expect(cursors()).toEqual([undefined, "m-1", "m-1"]);
  });
});

describe("stopping", () => {
  it("during a poll hangs up at once (MOCHAT-55)", async () => {
    const { sandbox, clock, listen, spoilPolls } = await openMochat();
    const { struck } = spoilPolls({ fault: { kind: "hang" } });
    const { channel, stop } = listen();
    await struck;
    await stop();
    expect(await sandbox.record.next(() => true)).toMatchObject({ outcome: "dropped" });
    expect({ state: channel.status().state, pending: clock.pending }).toEqual({ state: "stopped", pending: 0 });
  });

  it.each(["interval", "backoff"])("during the %s needs no time to pass", async (kind) => {
    const { mochat, clock, listen, spoilPolls } = await openMochat();
    if (kind === "backoff") spoilPolls({ times: "always", fault: { kind: "reset" } });
    const { rest, stop } = listen();
    await rest();
    await stop();
    expect(clock.pending).toBe(0);
    expect(mochat.polls).toHaveLength(1);
  });

  it("during the hand-over leaves the message unseen, and it comes again after a restart (MOCHAT-40, MOCHAT-62)", async () => {
    const { mochat, clock, listen, logged } = await openMochat();
    const answer: Accept = ({ id }) => (id === "m-1" ? Promise.resolve("accepted") : new Promise<never>(() => undefined));
    for (let n = 1; n <= 3; n += 1) mochat.say("u-1", `text ${n}`);
    const first = listen({ answer });
    await first.next();
    await first.next();
    await clock.advance(0);
    await first.stop();
    expect(clock.pending).toBe(0);
    expect(logged("warn")).toContain("Mochat: message channel closed");
    const second = listen();
    await second.rest();
    expect(second.texts()).toEqual(["text 2", "text 3"]);
  });
});
