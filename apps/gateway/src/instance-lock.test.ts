import { spawn } from "node:child_process";
import { once } from "node:events";
import { statSync } from "node:fs";
import { join } from "node:path";
import { TransientError } from "@revka/core";
import { describe, expect, it } from "vitest";
import { lockFolder } from "./instance-lock.ts";
import { createFolder } from "./testing/test-house.test-support.ts";

const HOLD_LOCK = `
  const { lockFolder } = await import(process.argv[1]);
  lockFolder(process.argv[2]);
  process.stdout.write("locked");
  setInterval(() => {}, 60_000);
`;

describe("lockFolder", () => {
  it("refuses a second one and names the folder", () => {
    const folder = createFolder();
    lockFolder(folder);
    expect(() => lockFolder(folder)).toThrow(new TransientError(`Another revka is already running on ${folder}: stop it first, or give this one a folder of its own`));
  });

  it("lets another in once it is released", () => {
    const folder = createFolder();
    lockFolder(folder).release();
    expect(() => lockFolder(folder)).not.toThrow();
  });

  it("creates the folder, and a file that only the owner reads", () => {
    const folder = join(createFolder(), "new");
    lockFolder(folder);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(statSync(join(folder, "instance.lock")).mode & 0o777).toBe(0o600);
  });

  it("holds against another process, and ends with it even when it is killed", async () => {
    const folder = createFolder();
    const module = join(import.meta.dirname, "instance-lock.ts");
    const child = spawn(process.execPath, ["--conditions=@revka/source", "--input-type=module", "-e", HOLD_LOCK, module, folder], { stdio: ["ignore", "pipe", "inherit"] });
    await once(child.stdout, "data");
    expect(() => lockFolder(folder)).toThrow(TransientError);
    child.kill("SIGKILL");
    await once(child, "exit");
    expect(() => lockFolder(folder)).not.toThrow();
  });
});
