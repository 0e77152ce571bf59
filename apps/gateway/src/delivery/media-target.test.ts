import { describe, expect, it } from "vitest";
import { readTarget } from "./media-target.ts";

const PNG = "iVBORw0KGgo=";

describe("readTarget", () => {
  it.each([
    ["cat.png", { kind: "path" }],
    ["../../etc/passwd", { kind: "path" }],
    ["file:///etc/passwd", { kind: "refused", reason: "only https addresses are sent" }],
    ["http://example.com/a.png", { kind: "refused", reason: "only https addresses are sent" }],
    ["https://example.com/a.png?b=1", { kind: "url", url: "https://example.com/a.png?b=1" }],
    ["https://", { kind: "refused", reason: "only https addresses are sent" }],
    ["data:image/png,x", { kind: "refused", reason: "a data: URI must be base64" }],
    ["data:image/png;base64", { kind: "refused", reason: "a data: URI must be base64" }],
    ["data:image/png;base64,", { kind: "refused", reason: "it is empty" }],
    [`data:text/plain;base64,${PNG}`, { kind: "data", file: { bytes: new Uint8Array(Buffer.from(PNG, "base64")), mediaType: "image/png" } }],
    ["DATA:text/Plain;charset=utf-8;BASE64,aGk=", { kind: "data", file: { bytes: new Uint8Array(Buffer.from("hi")), mediaType: "text/plain" } }],
    ["data:;base64,aGk=", { kind: "data", file: { bytes: new Uint8Array(Buffer.from("hi")) } }],
  ])("reads %s", (target, expected) => {
    expect(readTarget(target, 100)).toEqual(expected);
  });

  it.each([
    [6, "data"],
    [5, "refused"],
  ])("takes 6 bytes where %i are allowed for %s", (maxBytes, kind) => {
    expect(readTarget("data:;base64,MTIzNDU2", maxBytes).kind).toBe(kind);
  });
});
