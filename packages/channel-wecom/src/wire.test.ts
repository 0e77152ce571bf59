import { readFixture } from "@revka/core/testing";
import { describe, expect, it } from "vitest";
import { decodeAnswer } from "./wire.ts";

describe("decodeAnswer", () => {
  it("reads the platform's own answers", () => {
    expect(decodeAnswer(readFixture(import.meta.url, "answer-ok.json").toString())).toEqual({ errcode: 0, errmsg: "ok" });
    expect(decodeAnswer(readFixture(import.meta.url, "answer-uploaded.json").toString())).toMatchObject({ errcode: 0, media_id: "3a8asd892asd8asd" });
  });

  it.each([
    ["no field", "{}", undefined],
    ["an errcode of a strange type", '{"errcode":"0"}', undefined],
    ["fields we do not read", '{"errcode":45009,"extra":[1]}', 45009],
    ["null for a text", '{"errcode":-1,"errmsg":null}', -1],
  ])("takes an answer with %s as it is", (_title, body, errcode) => {
    expect(decodeAnswer(body)?.errcode).toBe(errcode);
    expect(decodeAnswer(body)?.errmsg).toBeUndefined();
  });

  it.each(["", "ok", "<html></html>", '{"errcode":0,"errm', "null", "0"])("does not take %j for an answer", (body) => {
    expect(decodeAnswer(body)).toBeUndefined();
  });
});
