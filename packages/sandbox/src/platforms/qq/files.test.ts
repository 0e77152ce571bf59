import { createHash } from "node:crypto";
import { createServer, type RequestListener } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { handClock, openSandbox } from "../../testing/open-sandbox.ts";
import { openCaller } from "../../testing/qq-peer.ts";
import type { Sandbox } from "../../sandbox.ts";

const PNG = Buffer.from("89504e470d0a1a0a", "hex");
const USER = "/v2/users/USER_1";
const GROUP = "/v2/groups/GROUP_1";

interface Scene {
  readonly sandbox: Sandbox;
  readonly clock: ReturnType<typeof handClock>;
  readonly call: Awaited<ReturnType<typeof openCaller>>;
  /** Sends an uploaded file, and gives 0 or the code that it is refused with. */
  readonly send: (fileInfo: unknown, path?: string) => Promise<unknown>;
}

async function openScene(): Promise<Scene> {
  const clock = handClock();
  const sandbox = await openSandbox({ now: clock.now });
  sandbox.qq.behave({ tokenLifeMs: 10_000_000_000 });
  const call = await openCaller(sandbox);
  return { sandbox, clock, call, send: async (fileInfo, path = USER) => (await call(`${path}/messages`, { msg_type: 7, content: " ", media: { file_info: fileInfo } })).json["code"] ?? 0 };
}

/** A web server for one test. */
async function serve(answer: RequestListener): Promise<string> {
  const server = createServer(answer).listen(0, "127.0.0.1");
  onTestFinished(() => {
    server.close().closeAllConnections();
  });
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/a.png`;
}

describe("an upload", () => {
  it("is sent as often as wanted, in its own scene", async () => {
    const { sandbox: { qq }, call, send } = await openScene();
    const { status, json } = await call(`${USER}/files`, { file_type: 1, file_data: PNG.toString("base64"), srv_send_msg: false });
    const text: unknown = expect.any(String);
    expect({ status, json }).toEqual({ status: 200, json: { file_uuid: text, file_info: text, ttl: 604_800, id: "" } });
    const { file_info: fileInfo } = json;
    qq.meet("USER_7");
    expect([await send(fileInfo), await send(fileInfo, "/v2/users/USER_7"), await send(fileInfo, GROUP), await send("nothing")]).toEqual([0, 0, 304080, 304080]);
    expect(qq.uploads).toMatchObject([{ user: "USER_1", fileType: 1, fileInfo, via: "data", bytes: PNG }]);
    expect(await qq.nextReply("USER_7")).toMatchObject({ kind: "media", media: { fileInfo, fileType: 1 } });
  });

  it("can be sent for a week, or as long as it is switched, or for ever", async () => {
    const { sandbox: { qq }, clock, call, send } = await openScene();
    const upload = async (): Promise<Record<string, unknown>> => (await call(`${USER}/files`, { file_type: 4, file_data: "AQID", file_name: "a.bin" })).json;
    const usual = await upload();
    qq.behave({ fileTtlSecs: 0 });
    const lasting = await upload();
    qq.behave({ fileTtlSecs: null });
    expect([lasting["ttl"], await upload()]).toEqual([0, expect.not.objectContaining({ ttl: expect.anything() as unknown })]);
    clock.advance(604_799_999);
    expect(await send(usual["file_info"])).toBe(0);
    clock.advance(1);
    expect([await send(usual["file_info"]), await send(lasting["file_info"])]).toEqual([304080, 0]);
    qq.expireUploads();
    expect(await send(lasting["file_info"])).toBe(304080);
    expect(qq.uploads).toHaveLength(3);
  });

  it.each<readonly [title: string, fileType: number, hex: string, code: number]>([
    ["png", 1, "89504e470d0a1a0a", 0], ["jpg", 1, "ffd8ffe0", 0], ["gif", 1, "474946383961", 0], ["webp", 1, "524946460000000057454250", 0], ["no image", 1, "25504446", 850019],
    ["mp4", 2, "00000018667479706d703432", 0], ["no video", 2, "89504e47", 850019],
    ["silk of QQ", 3, "02232153494c4b5f5633", 0], ["silk of others", 3, "232153494c4b5f5633", 850019], ["wav", 3, "524946460000000057415645", 0], ["mp3", 3, "fffb9064", 0], ["mp3 with a tag", 3, "49443303", 0],
    ["any file", 4, "00", 0], ["nothing of an unknown type", 5, "00", 11255],
  ])("of %s as type %i (%s) gets %i", async (_title, fileType, hex, code) => {
    const { sandbox: { qq }, call } = await openScene();
    const file = { file_type: fileType, file_data: Buffer.from(hex, "hex").toString("base64") };
    expect((await call(`${USER}/files`, file)).json["code"] ?? 0).toBe(code);
    qq.behave({ checksFormats: false });
    expect((await call(`${USER}/files`, file)).json["code"] ?? 0).toBe(code === 11255 ? 11255 : 0);
  });

  it.each<readonly [title: string, body: object, code: number]>([
    ["no source", { file_type: 4 }, 11255],
    ["two sources", { file_type: 4, file_data: "AQID", url: "http://127.0.0.1:1/" }, 11255],
    ["an empty one beside its source", { file_type: 4, file_data: "AQID", url: "" }, 0],
    ["a data URI", { file_type: 4, file_data: "data:image/png;base64,AQID" }, 850019],
    ["bad base64", { file_type: 4, file_data: "AQI" }, 850019],
    ["an unknown upload_id", { file_type: 4, upload_id: "x" }, 40093001],
  ])("with %s is answered with %#", async (_title, body, code) => {
    const { call } = await openScene();
    expect((await call(`${GROUP}/files`, body)).json["code"] ?? 0).toBe(code);
  });

  it("is refused for strangers, and as a test asks for, apart from messages", async () => {
    const { sandbox: { qq }, call } = await openScene();
    const file = { file_type: 4, file_data: "AQID" };
    expect((await call("/v2/users/USER_9/files", file)).json["code"]).toBe(11255);
    qq.refuse(40093002);
    qq.refuse({ code: 850018, call: "files" });
    expect((await call(`${USER}/messages`, { content: "hi" })).status).toBe(200);
    expect((await call(`${USER}/files`, file)).json["code"]).toBe(40093002);
    expect((await call(`${USER}/files`, file)).json["code"]).toBe(850018);
    expect((await call(`${USER}/files`, file)).status).toBe(200);
  });

  it("takes 10 MiB, and sends at once where it is told to", async () => {
    const { sandbox: { qq }, call } = await openScene();
    const whole = Buffer.alloc(10_485_760).toString("base64");
    expect((await call(`${USER}/files`, { file_type: 4, file_data: whole })).status).toBe(200);
    expect(qq.sent).toEqual([]);
    const { json } = await call(`${GROUP}/files`, { file_type: 4, file_data: "AQID", srv_send_msg: true });
    expect(await qq.nextReply({ group: "GROUP_1" })).toMatchObject({ id: json["id"], kind: "media" });
    qq.notify("GROUP_MSG_REJECT", { group: "GROUP_1" });
    expect((await call(`${GROUP}/files`, { file_type: 4, file_data: "AQID", srv_send_msg: true })).json["code"]).toBe(40034105);
  });

  it("is fetched by its address from this machine only", async () => {
    const { sandbox: { qq }, call } = await openScene();
    const codeFor = async (url: string): Promise<unknown> => (await call(`${USER}/files`, { file_type: 1, url })).json["code"] ?? 0;
    expect(await codeFor(await serve((_request, response) => response.end(PNG)))).toBe(0);
    expect(qq.uploads).toMatchObject([{ via: "url", bytes: PNG }]);
    expect(await codeFor(await serve((_request, response) => response.writeHead(404).end()))).toBe(850026);
    for (const url of ["https://example.com/a.png", "ftp://127.0.0.1/a.png", "a.png", "http://127.0.0.1:1/a.png"]) expect(await codeFor(url)).toBe(850026);
    expect(await codeFor(await serve((_request, response) => response.end(Buffer.alloc(33_554_433))))).toBe(850031);
  });
});

describe("an upload in parts", () => {
  const BYTES = Buffer.alloc(1_500_000, "revka");
  const md5 = (bytes: Buffer): string => createHash("md5").update(bytes).digest("hex");
  const announced = { file_type: 4, file_size: String(BYTES.length), file_name: "plan.pdf", md5: md5(BYTES), sha1: createHash("sha1").update(BYTES).digest("hex"), md5_10m: md5(BYTES) };
  interface Prepared {
    readonly upload_id: string;
    readonly parts: readonly { readonly index: number; readonly presigned_url: string; readonly block_size: number }[];
  }

  it("is put together when every part is there, and then sent", async () => {
    const { sandbox: { qq }, call, send } = await openScene();
    const { upload_id: uploadId, parts } = (await call(`${USER}/upload_prepare`, announced)).json as unknown as Prepared;
    expect(parts.map((part) => part.block_size)).toEqual([1_048_576, 451_424]);
    const file = { file_type: 4, upload_id: uploadId };
    for (const { index, presigned_url: url, block_size: size } of parts) {
      const bytes = BYTES.subarray(index * 1_048_576, index * 1_048_576 + size);
      const finish = { upload_id: uploadId, part_index: index, block_size: size, md5: md5(bytes) };
      expect((await call(`${USER}/upload_part_finish`, finish)).json["code"]).toBe(40093001);
      expect((await call(`${USER}/files`, file)).json["code"]).toBe(40093001);
      expect((await fetch(url, { method: "PUT", body: bytes, headers: { authorization: "QQBot t" } })).status).toBe(403);
      expect((await fetch(url, { method: "PUT", body: bytes.subarray(1) })).status).toBe(404);
      expect((await fetch(url, { method: "PUT", body: bytes })).status).toBe(200);
      expect((await call(`${USER}/upload_part_finish`, finish)).json).toEqual({});
    }
    expect((await call(`${GROUP}/files`, file)).json["code"]).toBe(40093001);
    const { json } = await call(`${USER}/files`, file);
    expect(await send(json["file_info"])).toBe(0);
    expect(qq.uploads).toMatchObject([{ via: "parts", name: "plan.pdf" }]);
    expect(qq.uploads[0]?.bytes).toEqual(BYTES);
    expect((await call(`${USER}/files`, file)).json["code"]).toBe(40093001);
  });

  it("is not begun for strangers, nor for what is too large", async () => {
    const { call } = await openScene();
    expect((await call("/v2/users/USER_9/upload_prepare", announced)).json["code"]).toBe(11255);
    expect((await call(`${USER}/upload_prepare`, { ...announced, file_size: 209_715_201 })).json["code"]).toBe(850031);
  });
});
