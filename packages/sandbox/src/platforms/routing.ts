/** How a platform chooses among several connections. */
export interface Routing {
  readonly routing: "random" | "newest" | "oldest";
  /** Start of the random order, so that it is the same in every run. */
  readonly routingSeed: number;
}

/** Chooses among connections, oldest first: a platform does it at random, here the same way in every run. */
export function createRouting(): <C>(candidates: readonly C[], how: Routing) => C | undefined {
  let seed: number | undefined;
  let state = 0;
  return (candidates, { routing, routingSeed }) => {
    if (routing !== "random") return candidates.at(routing === "newest" ? -1 : 0);
    if (seed !== routingSeed) seed = state = routingSeed;
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return candidates[Math.floor((state / 2 ** 32) * candidates.length)];
  };
}
