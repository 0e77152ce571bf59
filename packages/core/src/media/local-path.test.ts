import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, realpath, rename, rm, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PayloadTooLargeError } from "../contract/errors.ts";
import { openConfined, type ConfinedFile, type RefusedFile } from "./local-path.ts";

let base = "";
const at = (...segments: string[]): string => path.join(base, ...segments);
const read = (target: string, roots: readonly string[] = [at("root")], maxBytes = 100): Promise<ConfinedFile | RefusedFile> =>
  openConfined(target, roots, { maxBytes, forbidden: [at("root", "config"), at("root", "state.db"), at("missing")] });
const textOf = (result: ConfinedFile | RefusedFile): string =>
  "bytes" in result ? Buffer.from(result.bytes).toString() : `refused: ${result.refused}`;

const NOT_FOUND = "refused: there is no such file in the allowed folders";

beforeAll(async () => {
  base = await realpath(await mkdtemp(path.join(tmpdir(), "local-path-")));
  const folders = ["root/sub/deep", "root/.hidden", "root/config", "root-evil", "secret", ".home/media", "other"];
  for (const folder of folders) await mkdir(at(folder), { recursive: true });
  const inside = ["a.png", "sub/b.txt", "sub/deep/c d.txt", "[1].txt", "..."];
  const outside = ["root/.env", "root/.hidden/x", "root/config/key", "root/state.db", "root-evil/x", "secret/key"];
  for (const name of inside) await writeFile(at("root", name), "public");
  for (const name of outside) await writeFile(at(name), "secret");
  await writeFile(at(".home/media/a.png"), "public");
  await writeFile(at("other/o.png"), "public");
  const links = {
    "alias": "root",
    "root/in": "sub",
    "root/in.png": "a.png",
    "root/out": "../secret",
    "root/out.png": "../secret/key",
    "root/up": "..",
    "root/loop": "loop",
    "root/dangling": "nowhere",
    "root/shown": ".hidden",
    "root/.shown": "a.png",
    "root/conf": "config",
  };
  for (const [link, target] of Object.entries(links)) await symlink(target, at(link));
});

afterAll(() => rm(base, { recursive: true, force: true }));

describe("openConfined", () => {
  const readable = ["a.png", "./a.png", "sub/b.txt", "sub/deep/c d.txt", "sub/../a.png", "[1].txt", "in/b.txt", "in.png"];
  it.each(readable)("reads %s below the first root (P-1, P-4)", async (target) => {
    expect(await read(target)).toEqual({ name: path.basename(target), bytes: new Uint8Array(Buffer.from("public")) });
  });

  it("reads absolute targets in any root, and relative ones in the first only (P-1, P-4)", async () => {
    const roots = [at("root"), at("other")];
    expect(textOf(await read(at("other", "o.png"), roots))).toBe("public");
    expect(textOf(await read("o.png", roots))).toBe(NOT_FOUND);
  });

  it("reads through a root that is itself a link, or lies in a hidden folder (P-1, P-3)", async () => {
    expect(textOf(await read("a.png", [at("alias")]))).toBe("public");
    expect(textOf(await read(at("root/a.png"), [at("alias")]))).toBe("public");
    expect(textOf(await read("a.png", [at(".home/media")]))).toBe("public");
    expect(textOf(await read(at(".home/media/a.png"), [base, at(".home/media")]))).toBe("public");
  });

  it.each([
    ["a path that climbs out", "../secret/key"],
    ["a neighbour whose name begins alike", "../root-evil/x"],
    ["a linked folder that leads out", "out/key"],
    ["a linked file that leads out", "out.png"],
    ["a link to the folder above", "up/secret/key"],
    ["a link to itself", "loop"],
    ["a link to nowhere", "dangling"],
    ["a file that is not there", "nothing.png"],
    ["a folder on the way that is a file", "a.png/b"],
    ["an outside file that is not there", "../secret/nothing"],
    ["a URL", "https://example.com/a.png"],
  ])("refuses %s with the same words as a missing file (P-1)", async (_title, target) => {
    expect(textOf(await read(target))).toBe(NOT_FOUND);
    expect(textOf(await read(at("root", target)))).toBe(NOT_FOUND);
  });

  it.each([
    ["a hidden file", ".env", "hidden files stay closed"],
    ["a file in a hidden folder", ".hidden/x", "hidden files stay closed"],
    ["a link to a hidden folder", "shown/x", "hidden files stay closed"],
    ["a hidden link to a file", ".shown", "hidden files stay closed"],
    ["a name of dots", "...", "hidden files stay closed"],
    ["a forbidden folder's file", "config/key", "this file stays closed"],
    ["a link into a forbidden folder", "conf/key", "this file stays closed"],
    ["a forbidden file", "state.db", "this file stays closed"],
    ["a folder", "sub", "it is not a regular file that can be read"],
    ["the root", ".", "it is not a regular file that can be read"],
    ["nothing", " ", "no file is named"],
    ["a NUL", "a.png\0.txt", "its name holds a NUL"],
    ["a file: URL", "file:///etc/passwd", "file: URLs are not allowed"],
    ["a file: URL in capitals", "FILE:a.png", "file: URLs are not allowed"],
    ["a UNC path", "\\\\server\\share\\a.png", "network paths are not allowed"],
    ["a UNC path with slashes", "//server/share/a.png", "network paths are not allowed"],
  ])("refuses %s (P-3)", async (_title, target, reason) => {
    expect(textOf(await read(target))).toBe(`refused: ${reason}`);
  });

  it("reads from a root inside a forbidden folder, but nothing else of that folder (P-3)", async () => {
    const forbidden = [at("root")];
    const roots = [at("root/sub"), base];
    const within = (target: string): Promise<ConfinedFile | RefusedFile> => openConfined(target, roots, { maxBytes: 100, forbidden });
    expect(textOf(await within("b.txt"))).toBe("public");
    expect(textOf(await within(at("root/a.png")))).toBe("refused: this file stays closed");
    expect(textOf(await openConfined("a.png", forbidden, { maxBytes: 100, forbidden }))).toBe("refused: this file stays closed");
  });

  it("refuses everything without a root", async () => {
    expect(textOf(await read(at("root/a.png"), []))).toBe(NOT_FOUND);
    expect(textOf(await read(at("root/a.png"), [at("missing")]))).toBe(NOT_FOUND);
  });

  it("refuses a FIFO without waiting for its other end (P-2, P-3)", async ({ skip }) => {
    try {
      execFileSync("mkfifo", [at("root/fifo")]);
    } catch {
      skip("mkfifo is missing on this machine");
    }
    expect(textOf(await read("fifo"))).toBe("refused: it is not a regular file that can be read");
  });

  it("refuses a socket (P-3)", async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(at("root/socket"), resolve));
    expect(textOf(await read("socket"))).toBe("refused: it is not a regular file that can be read");
    await new Promise((resolve) => server.close(resolve));
  });

  it("refuses a device (P-3)", async () => {
    expect(textOf(await read("/dev/null", ["/dev"]))).toBe("refused: it is not a regular file that can be read");
  });

  it("gives nothing secret while a folder is exchanged for a link that leads out (P-2)", async () => {
    await mkdir(at("root/flip"));
    await writeFile(at("root/flip/key"), "public");
    await symlink("../secret", at("link"));
    await mkdir(at("aside"));
    let isReading = true;
    const exchange = async (): Promise<void> => {
      for (let turn = 0; turn < 2000 && isReading; turn += 1) {
        const [next, last] = turn % 2 === 0 ? ["link", "aside/folder"] : ["aside/folder", "link"];
        await rename(at("root/flip"), at(last));
        await rename(at(next), at("root/flip"));
      }
    };
    const exchanging = exchange();
    const seen = new Set<string>();
    for (let count = 0; count < 400; count += 1) seen.add(textOf(await read("flip/key")));
    isReading = false;
    await exchanging;
    expect(seen).not.toContain("secret");
  });

  it("reads a file of exactly the largest size and refuses one byte more (P-2)", async () => {
    expect(textOf(await read("a.png", [at("root")], 6))).toBe("public");
    const refusal = await read("a.png", [at("root")], 5).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(PayloadTooLargeError);
    expect(refusal).toMatchObject({ limit: 5, actual: 6, unit: "bytes" });
    expect(String(refusal)).not.toContain("a.png");
  });

  it("lets the reason of an abort through", async () => {
    const reason = new Error("stopping");
    await expect(openConfined("a.png", [at("root")], { maxBytes: 10, signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });

  it("gives nothing secret and no path away, whatever the target (P-1, P-3)", async () => {
    const known = "|.|..|a.png|sub|b.txt|in|out|out.png|up|loop|shown|.shown|conf|config|key|x|secret|root|root-evil|state.db|.env|.hidden|alias";
    const segment = fc.oneof(fc.constantFrom(...known.split("|")), fc.string({ maxLength: 4 }));
    const target = fc.record({ segments: fc.array(segment, { maxLength: 7 }), isAbsolute: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(target, async ({ segments, isAbsolute }) => {
        const result = await read((isAbsolute ? [base, ...segments] : segments).join("/"));
        if ("bytes" in result) expect(textOf(result)).toBe("public");
        else expect(result.refused).not.toContain(base);
      }),
      { numRuns: 1000 },
    );
  });
});
