import { describe, expect, it } from "vitest";
import { AuthError } from "../contract/errors.ts";
import { createManualClock, type ManualClock } from "../testing/manual-clock.ts";
import { createTokenSource, withToken, type Token, type TokenSource } from "./token-source.ts";

const LIFE_MS = 7_200_000;
const BEFORE_MS = 300_000;

interface Ask {
  readonly signal: AbortSignal;
  readonly give: (value: string, lifeMs?: number) => void;
  readonly refuse: (error: Error) => void;
}

/** A source whose platform answers by hand. */
function start(): { source: TokenSource; clock: ManualClock; asks: Ask[]; refreshes: boolean[] } {
  const clock = createManualClock();
  const asks: Ask[] = [];
  const refreshes: boolean[] = [];
  const fetch = (signal: AbortSignal): Promise<Token> =>
    new Promise((resolve, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
      asks.push({ signal, give: (value, lifeMs = LIFE_MS) => resolve({ value, expiresAt: clock.now() + lifeMs }), refuse: reject });
    });
  return { source: createTokenSource({ fetch, clock, refreshBeforeMs: BEFORE_MS, random: () => 0.5, onRefresh: (isRefreshed) => refreshes.push(isRefreshed) }), clock, asks, refreshes };
}

/** A source that holds the token "one". */
async function startHolding(lifeMs?: number): Promise<ReturnType<typeof start>> {
  const world = start();
  const first = world.source.get();
  world.asks[0]?.give("one", lifeMs);
  await first;
  return world;
}

describe("createTokenSource", () => {
  it("tells of each fetch whether a token came, but not of those that were given up", async () => {
    const { source, asks, clock, refreshes } = start();
    const abort = new AbortController();
    const leaving = source.get(abort.signal);
    abort.abort();
    await expect(leaving).rejects.toMatchObject({ name: "AbortError" });
    const refused = source.get();
    asks[1]?.refuse(new AuthError("no"));
    await expect(refused).rejects.toThrow("no");
    expect(refreshes).toEqual([false]);
    await clock.advance(2_000);
    const taken = source.get();
    asks[2]?.give("one");
    await taken;
    expect(refreshes).toEqual([false, true]);
  });

  it("asks once for any number of callers and keeps the token", async () => {
    const { source, asks } = start();
    const callers = [source.get(), source.get(), source.get()];
    asks[0]?.give("one");
    expect(await Promise.all([...callers, source.get()])).toEqual(["one", "one", "one", "one"]);
    expect(asks).toHaveLength(1);
  });

  it("renews a token before its end and serves the old one meanwhile", async () => {
    const { source, clock, asks } = await startHolding();
    await clock.advance(LIFE_MS - BEFORE_MS - 1);
    expect([await source.get(), asks.length]).toEqual(["one", 1]);
    await clock.advance(1);
    expect([await source.get(), await source.get(), asks.length]).toEqual(["one", "one", 2]);
    asks[1]?.give("two");
    await clock.advance(0);
    expect(await source.get()).toBe("two");
  });

  it("serves the old token to its end while renewing fails, asking again only now and then", async () => {
    const { source, clock, asks } = await startHolding();
    await clock.advance(LIFE_MS - BEFORE_MS);
    await source.get();
    asks[1]?.refuse(new TypeError("down"));
    await clock.advance(0);
    expect([await source.get(), asks.length]).toEqual(["one", 2]);
    await clock.advance(1_000);
    expect([await source.get(), asks.length]).toEqual(["one", 3]);
    await clock.advance(BEFORE_MS);
    const late = source.get();
    asks[2]?.give("three");
    expect(await late).toBe("three");
  });

  it("does not renew a short-lived token before half of its life", async () => {
    const { source, clock, asks } = await startHolding(60_000);
    await clock.advance(29_999);
    expect([await source.get(), asks.length]).toEqual(["one", 1]);
    await clock.advance(1);
    expect([await source.get(), asks.length]).toEqual(["one", 2]);
  });

  it("fails at once with the last error while it backs off, then asks again, more and more seldom", async () => {
    const { source, clock, asks } = start();
    const error = new AuthError("refused");
    const first = source.get();
    asks[0]?.refuse(error);
    await expect(first).rejects.toBe(error);
    await expect(source.get()).rejects.toBe(error);
    expect(asks).toHaveLength(1);
    await clock.advance(1_000);
    const second = source.get();
    asks[1]?.refuse(error);
    await expect(second).rejects.toBe(error);
    await clock.advance(1_999);
    await expect(source.get()).rejects.toBe(error);
    await clock.advance(1);
    const third = source.get();
    asks[2]?.give("one");
    expect(await third).toBe("one");
  });

  it("survives a fetch that throws instead of rejecting", async () => {
    const clock = createManualClock();
    let count = 0;
    const fetch = (): Promise<Token> => {
      count += 1;
      if (count === 1) throw new TypeError("bug");
      return Promise.resolve({ value: "one", expiresAt: clock.now() + LIFE_MS });
    };
    const source = createTokenSource({ fetch, clock, refreshBeforeMs: BEFORE_MS });
    await expect(source.get()).rejects.toThrow("bug");
    await clock.advance(2_000);
    expect(await source.get()).toBe("one");
  });

  it("lets one caller abort without the others", async () => {
    const { source, asks } = start();
    const abort = new AbortController();
    const reason = new TypeError("stopped");
    const [leaving, staying] = [source.get(abort.signal), source.get()];
    abort.abort(reason);
    await expect(leaving).rejects.toBe(reason);
    asks[0]?.give("one");
    expect(await staying).toBe("one");
  });

  it("aborts the fetch when the last caller has left, and that is no failure", async () => {
    const { source, asks } = start();
    const abort = new AbortController();
    const leaving = source.get(abort.signal);
    abort.abort();
    await expect(leaving).rejects.toMatchObject({ name: "AbortError" });
    expect(asks[0]?.signal.aborted).toBe(true);
    const next = source.get();
    asks[1]?.give("two");
    expect(await next).toBe("two");
    await expect(source.get(abort.signal)).rejects.toMatchObject({ name: "AbortError" });
  });
});

describe("invalidate", () => {
  it("forgets the token it is told, but not a newer one", async () => {
    const { source, asks } = await startHolding();
    source.invalidate("zero");
    expect(await source.get()).toBe("one");
    source.invalidate("one");
    const next = source.get();
    asks[1]?.give("two");
    expect(await next).toBe("two");
    source.invalidate("one");
    expect(await source.get()).toBe("two");
  });
});

describe("withToken", () => {
  const stale = new TypeError("stale");
  const isStale = (error: unknown): boolean => error === stale;

  it("repeats a call once with a fresh token when the first was stale", async () => {
    const { source, asks } = await startHolding();
    const used: string[] = [];
    const call = (token: string): Promise<string> => {
      used.push(token);
      return token === "one" ? Promise.reject(stale) : Promise.resolve("done");
    };
    const result = withToken(source, call, isStale);
    await expect.poll(() => asks.length).toBe(2);
    asks[1]?.give("two");
    expect([await result, used]).toEqual(["done", ["one", "two"]]);
  });

  it("does not repeat it a second time, nor for any other error", async () => {
    const { source, asks } = await startHolding();
    const other = new TypeError("other");
    await expect(withToken(source, () => Promise.reject(other), isStale)).rejects.toBe(other);
    const result = withToken(source, () => Promise.reject(stale), isStale);
    await expect.poll(() => asks.length).toBe(2);
    asks[1]?.give("two");
    await expect(result).rejects.toBe(stale);
    expect(asks).toHaveLength(2);
  });
});
