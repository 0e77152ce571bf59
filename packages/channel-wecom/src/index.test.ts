import { expect, it } from "vitest";
import * as wecom from "./index.ts";

it("offers the channel, its API and its definition, and no more", () => {
  expect(Object.keys(wecom).sort()).toEqual(["createWecomApi", "createWecomChannel", "wecomDefinition"]);
});
