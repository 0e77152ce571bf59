import { AuthError, PlatformError } from "@revka/core";
import { describe, expect, it } from "vitest";
import type { WecomApi } from "./api.ts";
import { deliver } from "./deliver.ts";
import type { WecomPart, WecomUpload } from "./outbound.ts";
import type { WecomPayload } from "./wire.ts";

const stale = new PlatformError("stale", { platformCode: "40007", platformMessage: "invalid media_id" });

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

  it("does not upload again after any other failure", async () => {
    const refused = new AuthError("no");
    const { api, uploaded } = fakeApi(refused);
    await expect(deliver(api, uploadPart("file"), {})).rejects.toBe(refused);
    expect(uploaded).toHaveLength(1);
  });
});
