import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { handClock, openSandbox } from "../../testing/open-sandbox.ts";
import { postMessage, uploadFile } from "../../testing/wecom-peer.ts";
import { amrDurationMs } from "./amr.ts";

const MIB = 1024 * 1024;
const FILE = new Uint8Array(6).fill(1);

/** A recording of so many 20 ms frames of the kind 12.2 kbit/s. */
function amr(frames: number): Uint8Array<ArrayBuffer> {
  const frame = Buffer.alloc(32);
  frame[0] = 7 << 3;
  return Uint8Array.from(Buffer.concat([Buffer.from("#!AMR\n"), ...Array.from({ length: frames }, () => frame)]));
}

describe("POST /cgi-bin/webhook/upload_media", () => {
  it("keeps what is needed to know a file again, and answers as documented", async () => {
    const sandbox = await openSandbox({ now: handClock(1_790_000_000_000).now });
    const answer = await uploadFile(sandbox, { bytes: FILE });
    expect(answer).toEqual({ errcode: 0, errmsg: "ok", type: "file", media_id: expect.stringMatching(/^[0-9a-f]{32}$/) as string, created_at: "1790000000" });
    expect(sandbox.wecom.uploads).toEqual([{
      mediaId: answer["media_id"], key: sandbox.wecom.key, type: "file", name: "report.bin", bytes: 6,
      md5: createHash("md5").update(FILE).digest("hex"), createdAt: 1_790_000_000_000,
    }]);
  });

  it.each<[string, { bytes: Uint8Array<ArrayBuffer>; type?: string; key?: string }, number]>([
    ["an unknown key", { bytes: FILE, key: "nobody" }, 93000],
    ["a picture", { bytes: FILE, type: "image" }, 40005],
    ["no type", { bytes: FILE, type: "" }, 40005],
    ["five bytes", { bytes: FILE.slice(1) }, 40006],
    ["a file of 20 MiB and a byte", { bytes: new Uint8Array(20 * MIB + 1) }, 45001],
    ["a voice of 2 MiB and a byte", { bytes: new Uint8Array(2 * MIB + 1), type: "voice" }, 45001],
    ["a voice that is not AMR", { bytes: FILE, type: "voice" }, 301016],
    ["a voice of more than 60 s", { bytes: amr(3_001), type: "voice" }, 45007],
  ])("refuses %s", async (_title, file, errcode) => {
    const sandbox = await openSandbox();
    expect((await uploadFile(sandbox, file)).errcode).toBe(errcode);
    expect(sandbox.wecom.uploads).toEqual([]);
  });

  it("takes a voice of 60 s", async () => {
    expect(await uploadFile(await openSandbox(), { bytes: amr(3_000), type: "voice" })).toMatchObject({ errcode: 0, type: "voice" });
  });

  it.each<[string, string | URLSearchParams]>([
    ["no form", "bytes"],
    ["a form without the part", new URLSearchParams({ other: "x" })],
    ["a part that is no file", new URLSearchParams({ media: "x" })],
  ])("refuses %s as empty", async (_title, body) => {
    const { wecom } = await openSandbox();
    const response = await fetch(`${wecom.url}/cgi-bin/webhook/upload_media?key=${wecom.key}&type=file`, { method: "POST", body });
    expect(await response.json()).toMatchObject({ errcode: 44001 });
  });

  it("refuses a broken form as empty", async () => {
    const { wecom } = await openSandbox();
    const response = await fetch(`${wecom.url}/cgi-bin/webhook/upload_media?key=${wecom.key}&type=file`, {
      method: "POST", headers: { "content-type": "multipart/form-data; boundary=x" }, body: "--x\r\nbroken",
    });
    expect(await response.json()).toMatchObject({ errcode: 44001 });
  });

  it("lets only the bot that uploaded a file send it, for three days", async () => {
    const { now, advance } = handClock();
    const sandbox = await openSandbox({ now, wecom: { keys: ["k-1", "k-2"] } });
    const { media_id } = await uploadFile(sandbox, { bytes: FILE });
    const send = async (key: string): Promise<number> => (await postMessage(sandbox, { msgtype: "file", file: { media_id } }, key)).errcode;
    expect([await send("k-1"), await send("k-2")]).toEqual([0, 40007]);
    advance(3 * 24 * 60 * 60 * 1000 - 1);
    expect(await send("k-1")).toBe(0);
    advance(1);
    expect(await send("k-1")).toBe(40007);
  });
});

describe("amrDurationMs", () => {
  it.each<[string, Uint8Array, number | undefined]>([
    ["no frame", amr(0), 0],
    ["two frames", amr(2), 40],
    ["another format", Buffer.from("RIFF...."), undefined],
    ["a frame type that is not in use", Buffer.from("#!AMR\n\x60"), undefined],
  ])("measures %s", (_title, bytes, expected) => {
    expect(amrDurationMs(Buffer.from(bytes))).toBe(expected);
  });
});
