import { describe, expect, it } from "vitest";
import { parseToken } from "./auth.ts";

const token = (fields: object): unknown => parseToken({ code: 0, tenant_access_token: "t-1", ...fields }, 1_000);

describe("parseToken", () => {
  it.each([
    ["as the platform says", { expire: 60 }, 61_000],
    ["by the newer name", { expires_in: 60 }, 61_000],
    ["two hours where it says nothing", {}, 7_201_000],
    ["two hours where it says nothing sensible", { expire: "soon" }, 7_201_000],
    ["a second at least", { expire: 0 }, 2_000],
  ])("gives a token a life %s (LARK-79)", (_title, fields, expiresAt) => {
    expect(token(fields)).toEqual({ value: "t-1", expiresAt });
  });

  it("finds no token where there is none", () => {
    expect([token({ tenant_access_token: "" }), token({ tenant_access_token: 1 }), parseToken(undefined, 0)]).toEqual([undefined, undefined, undefined]);
  });
});
