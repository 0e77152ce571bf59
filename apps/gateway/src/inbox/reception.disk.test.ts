import { join } from "node:path";
import { TransientError } from "@revka/core";
import { createManualClock, recordingLogger } from "@revka/core/testing";
import { expect, it } from "vitest";
import { openDatabase } from "../database/open.ts";
import { createNotifier } from "../delivery/notifier.ts";
import { createPermits } from "../permits.ts";
import { createMessage, createTestChannel } from "../testing/test-channel.test-support.ts";
import { createFolder, createTestSettings } from "../testing/test-house.test-support.ts";
import { createLanes } from "../turns/lanes.ts";
import type { InboxEntry } from "./entry.ts";
import { createInbox } from "./inbox.ts";
import { createReception } from "./reception.ts";

it("does not accept while the disk is full, and takes the same message when it is not", async () => {
  const clock = createManualClock();
  const logger = recordingLogger();
  const database = openDatabase({ file: join(createFolder(), "state.sqlite"), synchronous: "normal", clock, logger });
  const { signal } = new AbortController();
  const handled: InboxEntry[] = [];
  const room = createPermits(() => 1);
  const reception = createReception({
    runtime: {
      settings: { ...createTestSettings().dispatch, queueCap: 1 },
      inbox: createInbox(database),
      notifier: createNotifier({ isEnabled: () => true, clock, logger, redact: (text) => text, signal }),
      observe: () => undefined,
      reactions: { acknowledge: () => undefined },
      logger,
      clock,
      draining: signal,
    },
    room,
    lanes: createLanes(),
    handle: (entry) => Promise.resolve(void handled.push(entry)),
  });
  const accept = reception.acceptFor(createTestChannel({ clock }));
  const message = createMessage("x".repeat(100_000), { id: "m" }, clock);
  const copies = (): Promise<unknown>[] => [accept(message), accept(message)];

  database.connection.exec("PRAGMA max_page_count = 1");
  await expect(Promise.allSettled(copies())).resolves.toMatchObject([{ reason: { code: "transient" } }, { reason: { code: "transient" } }]);
  await expect(accept(message)).rejects.toThrow(TransientError);
  expect([handled.length, room.taken]).toEqual([0, 0]);

  database.connection.exec("PRAGMA max_page_count = 10000");
  await expect(Promise.all(copies())).resolves.toEqual(["accepted", "duplicate"]);
  expect(handled).toMatchObject([{ message: { id: "m" } }]);
  database.close();
});
