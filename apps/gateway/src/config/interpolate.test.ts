import type { FieldDefinition } from "@revka/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createTestHome } from "./config-folder.test-support.ts";
import { interpolate } from "./interpolate.ts";
import { resolveReferences } from "./references.ts";

const environment = { TOKEN: "s3cret-token", EMPTY: "", PORT: "8081", YES: "true", NO: "false", USERS: "a, b,,c", TOML: 'x"\n[evil]\n' };
const sources = { environment, folder: "/nowhere" };

describe("resolveReferences", () => {
  it.each([
    ["a variable", "${TOKEN}", "s3cret-token"],
    ["several among text", "Bearer ${TOKEN}:${PORT}!", "Bearer s3cret-token:8081!"],
    ["an empty variable", "${EMPTY}", ""],
    ["an escaped reference as it is", "$${TOKEN}", "${TOKEN}"],
    ["an escape before a reference", "$${x} ${PORT}", "${x} 8081"],
    ["dollars that are no reference", "$5 and $TOKEN", "$5 and $TOKEN"],
    ["a value with quotes and line ends as text", "${TOML}", 'x"\n[evil]\n'],
  ])("replaces %s", (_title, text, expected) => {
    expect(resolveReferences(text, sources)).toEqual({ text: expected });
  });

  it.each([
    ["a variable that is not set", "${MISSING}", "a reference to MISSING, which is not set"],
    ["a file that is not there", "${file:./no}", "a reference to the file /nowhere/no, which cannot be read (ENOENT)"],
    ["a name that cannot be", "${my-token}", "a malformed reference"],
    ["one without an end", "pa${ss", "a malformed reference"],
  ])("refuses %s", (_title, text, found) => {
    expect(resolveReferences(text, sources)).toMatchObject({ found });
  });

  it.each([["\n"], ["\r\n"], [""]])("reads a file relative to the config folder and cuts one line end: %j", (end) => {
    using home = createTestHome();
    home.write("secrets/token", `top secret${end}`);
    expect(resolveReferences("${file:secrets/token}", { environment, folder: home.path })).toEqual({ text: "top secret" });
    expect(resolveReferences(`<\${file: ${home.path}/secrets/token }>`, sources)).toEqual({ text: "<top secret>" });
  });

  it("leaves text without a reference alone", () => {
    fc.assert(fc.property(fc.string().filter((text) => !text.includes("${")), (text) => {
      expect(resolveReferences(text, sources)).toEqual({ text });
    }));
  });
});

describe("interpolate", () => {
  const fields: readonly FieldDefinition[] = [
    { key: "port", type: "integer", description: "" },
    { key: "on", type: "boolean", description: "" },
    { key: "users", type: "string-list", description: "" },
    { key: "voice", type: "table", description: "", fields: [{ key: "limit", type: "number", description: "" }] },
  ];
  const run = (table: Record<string, unknown>): ReturnType<typeof interpolate> => interpolate({ table, fields, path: "x" }, sources);

  it.each([
    ["an integer", { port: "${PORT}" }, { port: 8081 }],
    ["a boolean", { on: "${YES}" }, { on: true }],
    ["false", { on: "${NO}" }, { on: false }],
    ["a list", { users: "${USERS}" }, { users: ["a", "b", "c"] }],
    ["a number in a sub-table", { voice: { limit: " ${PORT} " } }, { voice: { limit: 8081 } }],
    ["text that does not fit as text", { port: "${TOKEN}" }, { port: "s3cret-token" }],
    ["more than one reference as text", { port: "${PORT}${PORT}" }, { port: "80818081" }],
    ["an unknown key as text", { other: "${PORT}" }, { other: "8081" }],
  ])("gives a value that is one reference the type of its key: %s", (_title, table, expected) => {
    expect(run(table)).toEqual({ table: expected, problems: [] });
  });

  it("replaces references in lists and leaves other values as they are", () => {
    const at = new Date(0);
    expect(run({ users: ["${TOKEN}", 7], port: 1, at }).table).toEqual({ users: ["s3cret-token", 7], port: 1, at });
  });

  it("names key and variable of every reference that leads nowhere, and drops the key", () => {
    const { table, problems } = run({ a: "${ONE}", voice: { b: "${TWO}" }, port: 5 });
    expect(table).toEqual({ voice: {}, port: 5 });
    expect(problems).toEqual([
      { path: "x.a", found: "a reference to ONE, which is not set", allowed: "a reference to a variable that is set" },
      { path: "x.voice.b", found: "a reference to TWO, which is not set", allowed: "a reference to a variable that is set" },
    ]);
  });
});
