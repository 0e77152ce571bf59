import type { Attachment, MediaBytes } from "@revka/core";
import { describe, expect, it } from "vitest";
import { openBench, type Bench } from "./listening.test-support.ts";

function download({ channel, platform }: Bench, paths: readonly string[], attachment: Partial<Attachment> = {}, maxBytes = 1_000): Promise<MediaBytes> {
  if (channel.download === undefined) throw new TypeError("no download");
  const urls = paths.map((path) => (path.startsWith("/") ? `${platform.url}${path}` : path));
  return channel.download({ kind: "file", ref: { urls }, ...attachment }, { maxBytes });
}

describe("createDownload", () => {
  it("fetches a file without the token, sniffs its type and keeps its name", async () => {
    await using bench = await openBench();
    bench.platform.answer("/blob/a", { body: Buffer.from("89504e470d0a1a0a", "hex") });
    expect(await download(bench, ["/blob/a"], { name: "a.bin", mediaType: "application/zip" })).toMatchObject({ mediaType: "image/png", name: "a.bin" });
    expect(bench.platform.calls.map(({ headers }) => headers.authorization)).toEqual([undefined]);
  });

  it("takes the next address where the first fails", async () => {
    await using bench = await openBench();
    bench.platform.answer("/blob/wav", { status: 404 });
    const { bytes } = await download(bench, ["/blob/wav", "/blob/silk"]);
    expect(Buffer.from(bytes).toString()).toBe("the file");
  });

  it("follows three redirects and no more", async () => {
    await using bench = await openBench();
    const lead = (from: number, to: number): void => bench.platform.answer(`/blob/${from}`, { status: 302, headers: { location: `/blob/${to}` } });
    for (const from of [1, 2, 3]) lead(from, from + 1);
    expect(Buffer.from((await download(bench, ["/blob/1"])).bytes).toString()).toBe("the file");
    for (const from of [1, 2, 3, 4]) lead(from, from + 1);
    await expect(download(bench, ["/blob/1"])).rejects.toThrow("it leads from one address to the next");
  });

  it.each([
    ["http://example.com/x", "only https is fetched"],
    ["https://127.0.0.2/x", "it points into a private network"],
    ["https://169.254.169.254/latest", "it points into a private network"],
    ["https://user:pw@example.com/x", "it holds a user or a password"],
    ["ftp://example.com/x", "only https is fetched"],
    ["nonsense", "not a URL"],
  ])("does not fetch %s", async (url, reason) => {
    await using bench = await openBench();
    await expect(download(bench, [url])).rejects.toMatchObject({ code: "platform", message: expect.stringContaining(reason) as string });
  });

  it("does not follow a redirect to where it would not go by itself", async () => {
    await using bench = await openBench();
    bench.platform.answer("/blob/a", { status: 302, headers: { location: "http://10.0.0.1/x" } });
    await expect(download(bench, ["/blob/a"])).rejects.toThrow("only https is fetched");
  });

  it("keeps to the size that the host allows, and to its own", async () => {
    await using bench = await openBench();
    bench.platform.answer("/blob/a", { body: "x".repeat(1_001) }, { body: new Uint8Array(10_485_761) });
    await expect(download(bench, ["/blob/a"])).rejects.toMatchObject({ code: "too-large", limit: 1_000 });
    await expect(download(bench, ["/blob/a"], {}, 1e9)).rejects.toMatchObject({ code: "too-large", limit: 10_485_760 });
  });

  it("has nothing to fetch without an address", async () => {
    await using bench = await openBench();
    await expect(download(bench, [])).rejects.toThrow(TypeError);
  });
});
