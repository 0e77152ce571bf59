import { describe, expect, it } from "vitest";
import { createCommits } from "./commits.ts";

describe("createCommits", () => {
  it("commits in the order of arrival, however the work ends", () => {
    const committed: number[] = [];
    const commits = createCommits((sequence) => committed.push(sequence));
    const [two, three, four] = [2, 3, 4].map((sequence) => commits.begin(sequence));
    four?.();
    three?.();
    expect(committed).toEqual([]);
    two?.();
    expect(committed).toEqual([4]);
  });

  it("never passes what is not done with, and takes gaps and repeats as they come", () => {
    const committed: number[] = [];
    const commits = createCommits((sequence) => committed.push(sequence));
    commits.begin(10)();
    commits.begin(8)();
    const stuck = commits.begin(11);
    commits.begin(20)();
    expect(committed).toEqual([10, 8]);
    stuck();
    expect(committed).toEqual([10, 8, 20]);
  });
});
