import { describe, expect, it } from "vitest";
import { absoluteRoots, rootProblems } from "./media-roots.ts";

const place = { folder: "/home/ada/.revka", home: "/home/ada" };

describe("absoluteRoots", () => {
  it("begins relative roots at the configuration's folder, and knows the home folder", () => {
    expect(absoluteRoots(["out", "~/out", "/srv/out/"], place)).toEqual(["/home/ada/.revka/out", "/home/ada/out", "/srv/out"]);
  });
});

describe("rootProblems", () => {
  it.each([
    ["/", "the root of the file system (/)"],
    ["~", "the home folder (/home/ada)"],
    [".", "the configuration's folder (/home/ada/.revka)"],
  ])("refuses %s (P-5)", (root, found) => {
    expect(rootProblems(absoluteRoots([root, "/srv/out"], place), place)).toMatchObject([{ path: "media.roots", found }]);
  });
});
