import { existsSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { silentLogger } from "@revka/core";
import { createManualClock } from "@revka/core/testing";
import { describe, expect, it } from "vitest";
import { mochatSection } from "../config/config-folder.test-support.ts";
import { openDatabase, type Database } from "../database/open.ts";
import { createInbox } from "../inbox/inbox.ts";
import { lockFolder } from "../instance-lock.ts";
import { createMessage } from "../testing/test-channel.test-support.ts";
import { createTestTerminal, type TestTerminal } from "./command-io.test-support.ts";

const clock = createManualClock(Date.UTC(2026, 0, 2, 3, 4, 5));

async function withDatabase<T>({ home }: TestTerminal, use: (database: Database) => T | Promise<T>): Promise<T> {
  const database = openDatabase({ file: join(home.path, ".revka", "state.sqlite"), synchronous: "normal", clock, logger: silentLogger });
  try {
    return await use(database);
  } finally {
    database.close();
  }
}

/** A terminal whose folder holds one message that was given up, number 1. */
async function openTerminal(): Promise<TestTerminal> {
  const terminal = createTestTerminal({ config: mochatSection() });
  await withDatabase(terminal, async (database) => {
    const inbox = createInbox(database);
    await inbox.add(createMessage("what I wrote", {}, clock), clock.now());
    await inbox.bury(1, clock.now(), "401 for mochat-api-token");
  });
  return terminal;
}

describe("revka inbox", () => {
  it("makes nothing where there was no daemon yet, and moves nothing that is damaged", async () => {
    using terminal = createTestTerminal({ config: mochatSection() });
    const file = join(terminal.home.path, ".revka", "state.sqlite");
    for (const command of [["inbox", "list"], ["channel", "senders"]]) await terminal.run(...command);
    expect(terminal.stdout).toBe("No message was given up.\nNobody was refused lately.\n");
    expect(existsSync(file)).toBe(false);
    terminal.home.write(".revka/state.sqlite", "no database at all, but long enough to look like one ".repeat(100));
    for (const command of [["inbox", "list"], ["inbox", "drop", "1"], ["channel", "senders"]]) {
      await terminal.run(...command);
      expect(terminal.exitCode).toBe(1);
    }
    expect(terminal.stderr).toBe(`revka: ${file} is damaged: the daemon sets it aside when it starts\n`.repeat(3));
    expect(readdirSync(dirname(file)).filter((name) => name.startsWith("state.sqlite"))).toEqual(["state.sqlite"]);
  });

  it("lists what was given up, without words and secrets unless they are asked for", async () => {
    using terminal = await openTerminal();
    await terminal.run("inbox", "list");
    expect(terminal.stdout).toBe("     1  2026-01-02T03:04:05.000Z  test  from u1: it was not answered (401 for ***)\n");
    await terminal.run("inbox", "list", "--with-text");
    expect(terminal.stdout).toContain("        what I wrote\n");
  });

  it("is JSON with --json", async () => {
    using terminal = await openTerminal();
    await terminal.run("inbox", "list", "--json");
    const { dead } = JSON.parse(terminal.stdout) as { dead: unknown[] };
    expect(dead).toMatchObject([{ seq: 1, channel: "test", messageId: "what I wrote", reason: "401 for ***", hasReply: false }]);
    expect(dead[0]).not.toHaveProperty("text");
  });

  it("makes a message new again for the next start of the daemon", async () => {
    using terminal = await openTerminal();
    await terminal.run("inbox", "replay", "1");
    expect(terminal.stdout).toBe("1 is answered at the next start of the daemon.\n");
    expect(await withDatabase(terminal, (database) => createInbox(database).unfinished())).toMatchObject([{ seq: 1, state: "accepted" }]);
  });

  it("forgets messages, and says which are none", async () => {
    using terminal = await openTerminal();
    await terminal.run("inbox", "drop", "1", "2");
    expect(terminal.stdout).toBe("1 is forgotten.\n");
    expect(terminal.stderr).toBe("2 is no message that was given up: `revka inbox list` shows them.\n");
    expect(terminal.exitCode).toBe(1);
    await terminal.run("inbox", "list");
    expect(terminal.stdout).toContain("No message was given up.\n");
  });

  it("takes numbers only", async () => {
    using terminal = await openTerminal();
    await terminal.run("inbox", "drop", "all");
    expect(terminal.exitCode).toBe(2);
  });

  it("changes nothing behind the back of a daemon that cannot be asked", async () => {
    using terminal = await openTerminal();
    const lock = lockFolder(join(terminal.home.path, ".revka"));
    await terminal.run("inbox", "drop", "1");
    lock.release();
    expect(terminal.stderr).toContain("Another revka is already running");
    expect(terminal.exitCode).toBe(1);
  });
});
