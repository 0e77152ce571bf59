import { AuthError, PlatformError, ProtocolError, RateLimitError, TransientError } from "@revka/core";
import { describe, expect, it } from "vitest";
import { hanging, listenTo, message, page, pagingBridge, script, type Listening } from "./listening.test-support.ts";
import type { MochatPage } from "./wire.ts";

const down = (): TransientError => new TransientError("Mochat: poll request failed (500 Internal Server Error): down", { status: 500 });
const levels = ({ logger }: Listening, message: string): string[] => logger.entries.filter((entry) => entry.message === message).map(({ level }) => level);
const times = ({ polls }: Listening): number[] => polls.map(({ at }) => at);

describe("receive", () => {
  it("polls at once, without since_id, and says so word for word (MOCHAT-26, MOCHAT-35)", async () => {
    const listening = await listenTo(script());
    expect(listening.polls).toEqual([{ since: undefined, at: 0 }]);
    expect(levels(listening, "Mochat: starting message poller")).toEqual(["info"]);
    await listening.stop();
  });

  it.each([[undefined, [0, 5_000, 10_000]], [2_000, [0, 2_000, 4_000, 6_000, 8_000, 10_000]]])("polls on a fixed interval: with pollIntervalMs %j (MOCHAT-17, MOCHAT-18)", async (pollIntervalMs, expected) => {
    const listening = await listenTo(script(), pollIntervalMs === undefined ? {} : { config: { pollIntervalMs } });
    await listening.clock.advance(10_000);
    expect(times(listening)).toEqual(expected);
    await listening.stop();
  });

  it("never polls twice at once, and counts the interval from the end of a poll (MOCHAT-54)", async () => {
    const answers: ((page: MochatPage) => void)[] = [];
    const listening = await listenTo((since, signal) => Promise.race([hanging(since, signal), new Promise<MochatPage>((resolve) => answers.push(resolve))]));
    await listening.clock.advance(25_000);
    expect(listening.polls).toHaveLength(1);
    answers[0]?.(page([]));
    await listening.clock.advance(5_000);
    expect(times(listening)).toEqual([0, 30_000]);
    await listening.stop();
  });

  it("passes the last id seen on with the next poll (MOCHAT-19)", async () => {
    const listening = await listenTo(script(page([message("m-1001"), message("1002")])));
    await listening.clock.advance(5_000);
    expect(listening.polls[1]).toEqual({ since: "1002", at: 5_000 });
    await listening.stop();
  });

  it("backs off while polls fail, and returns to the interval after one success (MOCHAT-56)", async () => {
    const listening = await listenTo(script(...Array.from({ length: 6 }, down)));
    await listening.clock.advance(200_000);
    expect(times(listening)).toEqual([0, 5_000, 15_000, 35_000, 75_000, 135_000, 195_000, 200_000]);
    await listening.stop();
  });

  it.each<[string, () => Error]>([
    ["answered with an error (MOCHAT-38)", down],
    ["answered with something unreadable (MOCHAT-37)", () => new ProtocolError("Mochat: failed to parse response: not JSON: <html>", { excerpt: "<html>" })],
    ["not answered (MOCHAT-39)", () => new TransientError("Mochat: poll request error: connection refused")],
  ])("warns once of a streak of polls that are %s, word for word, and tells when it is over", async (_title, failure) => {
    const listening = await listenTo(script(failure(), failure(), failure()));
    expect(listening.status.snapshot()).toMatchObject({ state: "backoff", lastError: failure().message });
    await listening.clock.advance(60_000);
    expect(levels(listening, failure().message)).toEqual(["warn", "debug", "debug"]);
    expect(levels(listening, "Mochat: polling works again")).toEqual(["info"]);
    expect(listening.status.snapshot().state).toBe("connected");
    await listening.stop();
  });

  it.each([
    ["a refused token", (): Error => new AuthError("Mochat: poll request failed (401 Unauthorized): no")],
    ["an api_url that leads nowhere", (): Error => new PlatformError("Mochat: poll request failed (404 Not Found): no", { platformCode: "404", platformMessage: "no" })],
  ])("polls about every 60 s for ever after %s, logs one error, and recovers (MOCHAT-57)", async (_title, refusal) => {
    const listening = await listenTo(script(...Array.from({ length: 30 }, refusal)));
    await listening.clock.advance(29 * 60_000);
    expect(listening.polls.at(-1)?.at).toBe(29 * 60_000);
    expect(levels(listening, refusal().message).filter((level) => level !== "debug")).toEqual(["error"]);
    expect(listening.status.snapshot().state).toBe("failed");
    await listening.clock.advance(60_000);
    expect(listening.status.snapshot()).toMatchObject({ state: "connected" });
    await listening.clock.advance(5_000);
    expect(listening.polls.at(-1)?.at).toBe(30 * 60_000 + 5_000);
    await listening.stop();
  });

  it("waits as long as the bridge asks for (MOCHAT-58)", async () => {
    const listening = await listenTo(script(new RateLimitError("Mochat: poll request failed (429 Too Many Requests): slow down", { retryAfterMs: 7_000 })));
    await listening.clock.advance(7_000);
    expect(times(listening)).toEqual([0, 7_000]);
    await listening.stop();
  });

  it("polls once without since_id after it was refused three times, and delivers nothing twice", async () => {
    const stale = (): Error => new TransientError("Mochat: poll request failed (400 Bad Request): unknown since_id", { status: 400 });
    const listening = await listenTo(script(page([message("m-1")]), stale(), stale(), stale(), page([message("m-1"), message("m-2")])));
    await listening.clock.advance(60_000);
    expect(listening.polls.slice(0, 6).map(({ since }) => since)).toEqual([undefined, "m-1", "m-1", "m-1", undefined, "m-2"]);
    expect(listening.ids()).toEqual(["m-1", "m-2"]);
    expect(levels(listening, "Mochat: the bridge refuses since_id, polling once without it")).toEqual(["warn"]);
    await listening.stop();
  });

  it("keeps its cursor while the poll without since_id fails", async () => {
    const stale = (): Error => new TransientError("Mochat: poll request failed (410 Gone): gone", { status: 410 });
    const listening = await listenTo(script(page([message("m-1")]), stale(), stale(), stale(), down()));
    await listening.clock.advance(120_000);
    expect(listening.polls.slice(4, 6).map(({ since }) => since)).toEqual([undefined, "m-1"]);
    await listening.stop();
  });

  it("drains a backlog of 1,000 without waiting an interval per page (MOCHAT-61)", async () => {
    const backlog = Array.from({ length: 1_000 }, (_, index) => message(`m-${index + 1}`));
    const listening = await listenTo(pagingBridge(backlog, 100));
    await listening.clock.advance(0);
    expect(listening.accepted).toHaveLength(1_000);
    expect(times(listening)).toEqual(Array<number>(11).fill(0));
    await listening.clock.advance(5_000);
    expect(listening.polls).toHaveLength(12);
    await listening.stop();
  });

  it("pauses after 20 polls in a row (MOCHAT-61)", async () => {
    const backlog = Array.from({ length: 2_500 }, (_, index) => message(`m-${index + 1}`));
    const listening = await listenTo(pagingBridge(backlog, 50));
    await listening.clock.advance(4_999);
    expect(listening.polls).toHaveLength(21);
    await listening.clock.advance(1);
    expect(listening.polls).toHaveLength(42);
    await listening.stop();
  });

  it.each([
    ["during a poll", hanging],
    ["between two polls", script()],
    ["while it backs off", script(down())],
  ])("stops %s and leaves no timer behind (MOCHAT-55)", async (_title, bridge) => {
    const listening = await listenTo(bridge);
    await listening.stop();
    expect(listening.clock.pending).toBe(0);
    expect(listening.status.snapshot().state).toBe("stopped");
  });

  it("lets an error that is none of ours through", async () => {
    const listening = await listenTo(script(new RangeError("a mistake in the program")));
    expect(listening.status.snapshot().state).toBe("stopped");
    await expect(listening.stop()).rejects.toThrow("a mistake in the program");
  });
});
