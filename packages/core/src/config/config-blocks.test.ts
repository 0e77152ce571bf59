import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { baseUrl, choice, dropAbsent, flag, integerBetween, numberBetween, optionalString, proxyChoice, requiredString, stringList, table } from "./config-blocks.ts";

const ABSENT = Symbol("absent");

/** What a section gives for a key, or what it says is allowed. */
function read(block: v.GenericSchema<unknown, unknown>, value: unknown): unknown {
  const result = v.safeParse(table({ key: block }), value === ABSENT ? {} : { key: value });
  return result.success ? result.output.key : `allowed: ${result.issues[0].message}`;
}

type Row = readonly [block: v.GenericSchema<unknown, unknown>, value: unknown, expected: unknown];

describe("blocks for text", () => {
  it.each<Row>([
    [requiredString, " x ", "x"],
    [requiredString, ABSENT, "allowed: a non-empty string"],
    [requiredString, " ", "allowed: a non-empty string"],
    [requiredString, null, "allowed: a non-empty string"],
    [requiredString, 5, "allowed: a non-empty string"],
    [optionalString, " x ", "x"],
    [optionalString, "", undefined],
    [optionalString, ABSENT, undefined],
    [optionalString, false, "allowed: a string"],
    [choice(["a", "b"], "b"), "a", "a"],
    [choice(["a", "b"], "b"), ABSENT, "b"],
    [choice(["a", "b"]), ABSENT, undefined],
    [choice(["a", "b"]), "A", 'allowed: one of "a", "b"'],
  ])("reads (case %#)", (block, value, expected) => {
    expect(read(block, value)).toBe(expected);
  });
});

describe("stringList", () => {
  it.each<readonly [value: unknown, expected: unknown]>([
    [ABSENT, []],
    [[], []],
    [
      [" a ", "", "  ", "b"],
      ["a", "b"],
    ],
    [
      [123, 9_007_199_254_740_993n],
      ["123", "9007199254740993"],
    ],
    [["a", true], "allowed: a list of strings"],
    [["a", ["b"]], "allowed: a list of strings"],
    ["a", "allowed: a list of strings"],
  ])("reads (case %#)", (value, expected) => {
    expect(read(stringList, typeof value === "symbol" ? ABSENT : value)).toEqual(expected);
  });
});

describe("blocks for switches and numbers", () => {
  it.each<Row>([
    [flag(true), ABSENT, true],
    [flag(true), false, false],
    [flag(false), "true", "allowed: true or false"],
    [flag(false), "", "allowed: true or false"],
    [integerBetween(1, 10), ABSENT, undefined],
    [integerBetween(1, 10, 5), ABSENT, 5],
    [integerBetween(1, 10), 0, "allowed: a whole number from 1 to 10"],
    [integerBetween(1, 10), 1, 1],
    [integerBetween(1, 10), 10, 10],
    [integerBetween(1, 10), 11, "allowed: a whole number from 1 to 10"],
    [integerBetween(1, 10), 1.5, "allowed: a whole number from 1 to 10"],
    [integerBetween(1, 10), "5", "allowed: a whole number from 1 to 10"],
    [integerBetween(0, Infinity), 2 ** 53, "allowed: a whole number of at least 0"],
    [numberBetween(1, Infinity, 5), 1.5, 1.5],
    [numberBetween(1, Infinity, 5), ABSENT, 5],
    [numberBetween(1, Infinity), NaN, "allowed: a number of at least 1"],
    [numberBetween(1, Infinity), Infinity, "allowed: a number of at least 1"],
    [numberBetween(1, Infinity), 0.5, "allowed: a number of at least 1"],
    [numberBetween(1, Infinity), "5", "allowed: a number of at least 1"],
  ])("reads (case %#)", (block, value, expected) => {
    expect(read(block, value)).toBe(expected);
  });
});

describe("baseUrl", () => {
  const anywhere = baseUrl({ allowHttp: "any" });
  const guarded = baseUrl({ allowHttp: "loopback", default: "https://api.example" });

  it.each<Row>([
    [anywhere, "http://h.example", "http://h.example"],
    [anywhere, " HTTPS://H.Example:443/base// ", "https://h.example/base"],
    [anywhere, "https://h.example:8443/a/b", "https://h.example:8443/a/b"],
    [guarded, ABSENT, "https://api.example"],
    [guarded, "", "https://api.example"],
    [guarded, "https://h.example", "https://h.example"],
    [guarded, "http://127.0.0.1:42680/wecom/", "http://127.0.0.1:42680/wecom"],
    [guarded, "http://localhost:1", "http://localhost:1"],
    [guarded, "http://[::1]:1", "http://[::1]:1"],
  ])("reads (case %#)", (block, value, expected) => {
    expect(read(block, typeof value === "symbol" ? ABSENT : value)).toBe(expected);
  });

  it.each([
    ["nothing", ABSENT],
    ["a blank", " "],
    ["a number", 5],
    ["a host alone", "h.example"],
    ["another scheme", "ftp://h.example"],
    ["one slash too few", "https:/h.example"],
    ["one slash too many", "https:///h.example"],
    ["no host", "https://"],
    ["a user", "https://user@h.example"],
    ["a password", "https://:s3cret@h.example"],
    ["a query", "https://h.example/?a=1"],
    ["an empty query", "https://h.example/?"],
    ["a fragment", "https://h.example/#a"],
  ])("refuses %s", (_title, value) => {
    expect(read(anywhere, value)).toBe("allowed: an absolute http or https URL without user, query or fragment");
  });

  it.each(["http://h.example", "http://127.0.0.1.example", "http://10.0.0.1"])("refuses plain http to %s", (value) => {
    expect(read(guarded, value)).toBe("allowed: an absolute https URL (http only to this machine) without user, query or fragment");
  });
});

describe("proxyChoice", () => {
  it.each<readonly [value: unknown, expected: unknown]>([
    [ABSENT, undefined],
    ["", undefined],
    ["direct", "direct"],
    ["socks5h://proxy.example:1080", new URL("socks5://proxy.example:1080")],
    ["ftp://user:s3cret@proxy.example", 'allowed: an http, https, socks5 or socks5h URL with a host, or "direct"'],
    [true, 'allowed: an http, https, socks5 or socks5h URL with a host, or "direct"'],
  ])("reads (case %#)", (value, expected) => {
    expect(read(proxyChoice, value)).toEqual(expected);
  });
});

describe("table", () => {
  it.each([[], "x", 5, null])("refuses %j", (input) => {
    expect(v.safeParse(table({ key: optionalString }), input).issues?.[0].message).toBe("a table");
  });
});

describe("dropAbsent", () => {
  it("leaves out undefined values and nothing else", () => {
    expect(Object.keys(dropAbsent({ a: undefined, b: null, c: 0, d: "" }))).toEqual(["b", "c", "d"]);
  });
});
