import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { createContext, parseProxyUrl, type Capabilities, type OutboundMedia } from "@revka/core";
import { createManualClock } from "@revka/core/testing";
import { describe, expect, it, onTestFinished } from "vitest";
import { createTestChannel } from "../testing/test-channel.test-support.ts";
import { createFolder } from "../testing/test-house.test-support.ts";
import type { MediaReference } from "./reply-part.ts";
import { createResolveMedia, type MediaRules, type ResolveMediaOptions } from "./resolve-media.ts";

const PNG = Buffer.from("89504e470d0a1a0a", "hex");
const NEVER = new AbortController().signal;

/** A configuration's folder with an outbox in it. */
function createHome(): { readonly folder: string; readonly outbox: string } {
  const folder = createFolder();
  const outbox = join(folder, "workspace", "outbox");
  mkdirSync(outbox, { recursive: true });
  writeFileSync(join(folder, "config.toml"), "secret");
  writeFileSync(join(outbox, "cat.bin"), PNG);
  writeFileSync(join(outbox, "a.pdf"), "1234567890");
  symlinkSync(join(folder, "config.toml"), join(outbox, "link.txt"));
  return { folder, outbox };
}

interface Given extends Partial<MediaRules>, Partial<Omit<ResolveMediaOptions, "rules">> {
  readonly capabilities?: Partial<Capabilities>;
  readonly signal?: AbortSignal;
}

function resolve(media: MediaReference, { capabilities, signal = NEVER, forbidden, proxyOf = () => undefined, ...rules }: Given = {}): Promise<OutboundMedia> {
  const { folder, outbox } = createHome();
  const channel = createTestChannel({ clock: createManualClock(), capabilities: { mediaOut: ["image", "file"], ...capabilities } });
  const contextOf = (instance: string) => createContext(instance);
  const given = { roots: [outbox], maxBytes: 9, allowRemoteFetch: false, ...rules };
  return createResolveMedia({ rules: () => given, forbidden: forbidden ?? [folder], contextOf, proxyOf })(media, channel, signal);
}

describe("createResolveMedia", () => {
  it("reads a file below the first root, and tells its type by its bytes (P-1, P-4)", async () => {
    await expect(resolve({ kind: "image", target: "cat.bin" })).resolves.toEqual({ kind: "image", name: "cat.bin", bytes: new Uint8Array(PNG), mediaType: "image/png" });
  });

  it("calls a file what the agent calls it", async () => {
    await expect(resolve({ kind: "image", target: "cat.bin", name: "cat.png" })).resolves.toMatchObject({ name: "cat.png" });
  });

  it("decodes a data: URI", async () => {
    const target = `data:image/png;base64,${PNG.toString("base64")}`;
    await expect(resolve({ kind: "image", target })).resolves.toEqual({ kind: "image", bytes: new Uint8Array(PNG), mediaType: "image/png" });
  });

  it.each([
    ["a path that climbs out (P-1)", "../../config.toml", "there is no such file in the allowed folders"],
    ["a link that leads out (P-1)", "link.txt", "there is no such file in the allowed folders"],
    ["a file: URL (P-3)", "file:///etc/passwd", "only https addresses are sent"],
    ["a file: path (P-3)", "file:cat.bin", "file: URLs are not allowed"],
    ["a file over the limit", "a.pdf", "The file has 10 bytes, 9 are allowed"],
    ["a data: URI over the limit", "data:;base64,MTIzNDU2Nzg5MDEyMw==", "it is larger than 9 bytes"],
    ["nothing", "", "no file is named"],
    ["an address", "https://example.com/a.png", "addresses are not fetched (multimodal.allow_remote_fetch)"],
  ])("refuses %s, without a word of its place", async (_title, target, message) => {
    await expect(resolve({ kind: "file", target })).rejects.toMatchObject({ name: "MediaRefusal", message });
  });

  it("refuses a kind that the channel does not send, before it looks", async () => {
    await expect(resolve({ kind: "video", target: "cat.bin" })).rejects.toMatchObject({ name: "MediaRefusal", message: "the channel sends no files of the kind video" });
  });

  it("keeps the configuration's folder closed, whatever the roots are (P-3)", async () => {
    const { folder } = createHome();
    await expect(resolve({ kind: "file", target: join(folder, "config.toml") }, { roots: [join(folder, "..")], forbidden: [folder] })).rejects.toThrow("this file stays closed");
  });

  it("hands an address to a channel that takes addresses", async () => {
    const media = { kind: "image", target: "https://example.com/a.png" } as const;
    await expect(resolve(media, { capabilities: { takesUrls: true } })).resolves.toEqual({ kind: "image", url: media.target });
  });

  it.each(["https://127.0.0.1/a.png", "https://localhost/a.png", "https://10.0.0.1/", "https://user:pass@example.com/a"])("fetches nothing from %s (U-1)", async (target) => {
    await expect(resolve({ kind: "image", target }, { allowRemoteFetch: true })).rejects.toMatchObject({ name: "MediaRefusal", message: expect.stringContaining("is not fetched") as string });
  });

  it("fetches an address the way that the channel goes, and refuses one that does not answer, rather than have people wait", async () => {
    const { url, connections } = await openDeafProxy();
    const media = { kind: "image", target: "https://example.com/a.png" } as const;
    await expect(resolve(media, { allowRemoteFetch: true, proxyOf: () => parseProxyUrl(url) })).rejects.toMatchObject({ name: "MediaRefusal" });
    expect(connections()).toBe(1);
  });

  it("ends with the signal", async () => {
    await expect(resolve({ kind: "image", target: "cat.bin" }, { signal: AbortSignal.abort(new RangeError("enough")) })).rejects.toThrow("enough");
  });
});

/** A proxy that hangs up on everybody. */
async function openDeafProxy(): Promise<{ readonly url: string; readonly connections: () => number }> {
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    socket.destroy();
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  onTestFinished(() => new Promise((closed) => server.close(() => closed())));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, connections: () => connections };
}
