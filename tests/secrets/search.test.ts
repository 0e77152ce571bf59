import { describe, expect, it } from "vitest";
import { createEvidence, leaksIn, spellingsOf } from "./search.ts";

const SECRET = 'aXq8Kd03/+="\\ü& x7-mZw91Rt4';
const LINE = '{"level":"info","msg":"a line among many"}\n';

function leaksOf(text: string): string[] {
  const evidence = createEvidence();
  evidence.add("the log", LINE.repeat(100));
  evidence.add("the log", text);
  return leaksIn(evidence, [{ name: "the key", value: SECRET }]);
}

describe("the search for secrets", () => {
  it("finds nothing where nothing is", () => {
    expect(leaksOf(LINE.repeat(10))).toEqual([]);
    expect(leaksOf("*** %2F%2B%3D aXq8Kd0… …Zw91Rt4")).toEqual([]);
  });

  it.each([...spellingsOf(SECRET)])("finds one that is shown %s", (spelling, text) => {
    expect(leaksOf(`{"msg":"refused: ${text}!"}\n${LINE}`)).toEqual([expect.stringContaining("the log shows the key") as string]);
    expect(spelling).not.toBe("");
  });

  it.each([
    ["in the address of a request", `GET https://h.example/send?key=${encodeURIComponent(SECRET)}&x=1`],
    ["in a header with a name before it", `Basic ${Buffer.from(`a-user:${SECRET}`).toString("base64")}`],
    ["in the answer of a platform that a log line quotes", JSON.stringify({ msg: `400: ${JSON.stringify({ error: SECRET })}` })],
    ["cut off in the middle", `the platform said: ${SECRET.slice(0, 11)}…`],
    ["cut off at its beginning", `…${SECRET.slice(-9)} is not valid`],
    ["in bytes", `\0\u0001${SECRET}\0`],
  ])("finds one %s", (_title, text) => {
    expect(leaksOf(text)).toHaveLength(1);
  });

  it("tells every place where one is shown, and names it", () => {
    const evidence = createEvidence();
    evidence.add("the log", SECRET);
    evidence.add("/health", SECRET);
    expect(leaksIn(evidence, [{ name: "another", value: "not-this-one-1234567890" }, { name: "the key", value: SECRET }])).toMatchObject([
      expect.stringMatching(/^the log shows the key as it is: /), expect.stringMatching(/^\/health shows the key as it is: /),
    ]);
  });
});
