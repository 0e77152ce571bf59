import { AuthError, PlatformError } from "@revka/core";
import { describe, expect, it } from "vitest";
import type { WecomApi } from "./api.ts";
import { deliver } from "./deliver.ts";
import type { WecomPart, WecomUpload } from "./outbound.ts";
import type { WecomPayload } from "./wire.ts";

const refusal = (platformCode: string): PlatformError => new PlatformError("no", { platformCode, platformMessage: "no" });
const stale = refusal("40007");

/** An API that keeps what it is given; `failures` are thrown by the posts, in order. */
function fakeApi(...failures: Error[]) {
  const posted: WecomPayload[] = [];
  const uploaded: WecomUpload[] = [];
  const api: WecomApi = {
    post(payload) {
      posted.push(payload);
      const failure = failures.shift();
      return failure === undefined ? Promise.resolve() : Promise.reject(failure);
    },
    upload(upload) {
      uploaded.push(upload);
      return Promise.resolve(`id-${uploaded.length}`);
    },
  };
  return { api, posted, uploaded };
}

function uploadPart(type: "file" | "voice"): WecomPart {
  return { kind: "upload", upload: { type, bytes: new Uint8Array(8), name: "a.bin" } };
}

describe("deliver", () => {
  it("posts a message as it is and tells no id, for the platform has none", async () => {
    const { api, posted } = fakeApi();
    const payload: WecomPayload = { msgtype: "text", text: { content: "hi" } };
    expect(await deliver(api, { kind: "message", payload }, {})).toEqual({ messageIds: [] });
    expect(posted).toEqual([payload]);
  });

  it.each([
    ["file", { msgtype: "file", file: { media_id: "id-1" } }],
    ["voice", { msgtype: "voice", voice: { media_id: "id-1" } }],
  ] as const)("uploads a %s and posts its id (WECOM-39)", async (type, payload) => {
    const { api, posted } = fakeApi();
    await deliver(api, uploadPart(type), {});
    expect(posted).toEqual([payload]);
  });

  it("uploads once more when the platform does not know the id", async () => {
    const { api, posted, uploaded } = fakeApi(stale);
    await deliver(api, uploadPart("file"), {});
    expect(uploaded).toHaveLength(2);
    expect(posted.at(-1)).toEqual({ msgtype: "file", file: { media_id: "id-2" } });
  });

  it("gives up when the second id is unknown too", async () => {
    const { api, uploaded } = fakeApi(stale, stale);
    await expect(deliver(api, uploadPart("file"), {})).rejects.toBe(stale);
    expect(uploaded).toHaveLength(2);
  });

  it.each(["45007", "301016", "301017"])("sends a voice that is refused with %s as a file", async (code) => {
    const { api, posted, uploaded } = fakeApi(refusal(code));
    await deliver(api, uploadPart("voice"), {});
    expect(uploaded.map(({ type }) => type)).toEqual(["voice", "file"]);
    expect(posted.at(-1)).toEqual({ msgtype: "file", file: { media_id: "id-2" } });
  });

  it.each([
    ["a refused key", new AuthError("no")],
    ["a file of a bad size", refusal("40006")],
    ["what only a voice can be", refusal("45007")],
    ["a mistake of ours", new TypeError("no")],
  ])("does not upload a file again after %s", async (_title, failure) => {
    const { api, uploaded } = fakeApi(failure);
    await expect(deliver(api, uploadPart("file"), {})).rejects.toBe(failure);
    expect(uploaded).toHaveLength(1);
  });
});
