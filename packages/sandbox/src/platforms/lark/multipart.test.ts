import { describe, expect, it } from "vitest";
import { readMultipart } from "./multipart.ts";

const TYPE = 'multipart/form-data; boundary="b"';
const FILE = '--b\r\nContent-Disposition: form-data; name="image"; filename="ä.png"\r\nContent-Type: image/png\r\n\r\n';

describe("readMultipart", () => {
  it("reads fields and files of web forms", async () => {
    const form = new FormData();
    form.set("image_type", "message");
    form.set("image", new File([new Uint8Array([0xff, 0x0d, 0x0a, 0x00])], "ä.png", { type: "image/png" }));
    const request = new Request("http://localhost", { method: "POST", body: form });
    const parts = readMultipart(new Uint8Array(await request.arrayBuffer()), request.headers.get("content-type") ?? "");
    expect([...parts.keys()]).toEqual(["image_type", "image"]);
    expect(parts.get("image_type")).toEqual({ bytes: Buffer.from("message") });
    expect(parts.get("image")).toEqual({ fileName: "ä.png", contentType: "image/png", bytes: Buffer.from("ff0d0a00", "hex") });
  });

  it("keeps the bytes of a part without a file name", () => {
    const head = '--b\r\ncontent-disposition: form-data; name="image"\r\ncontent-type: application/octet-stream\r\n\r\n';
    const body = Buffer.concat([Buffer.from(head), Buffer.from("89ff00", "hex"), Buffer.from("\r\n--b--\r\n")]);
    expect(readMultipart(body, "multipart/form-data; boundary=b").get("image")).toEqual({ contentType: "application/octet-stream", bytes: Buffer.from("89ff00", "hex") });
  });

  it.each<readonly [title: string, body: string, type: string]>([
    ["another type", `${FILE}x\r\n--b--\r\n`, "application/json"],
    ["no boundary", `${FILE}x\r\n--b--\r\n`, "multipart/form-data"],
    ["another boundary", `${FILE}x\r\n--b--\r\n`, "multipart/form-data; boundary=c"],
    ["an unfinished part", `${FILE}x`, TYPE],
    ["an unfinished head", '--b\r\nContent-Disposition: form-data; name="image"', TYPE],
    ["a part without a name", "--b\r\nContent-Type: text/plain\r\n\r\nx\r\n--b--\r\n", TYPE],
    ["nothing", "", TYPE],
  ])("finds no field in %s", (_title, body, type) => {
    expect(readMultipart(Buffer.from(body), type).size).toBe(0);
  });
});
