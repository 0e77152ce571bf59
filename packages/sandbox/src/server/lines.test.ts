import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { type ClientOptions, WebSocket } from "ws";
import { createFaults } from "../faults/faults.ts";
import type { FrameFault } from "../faults/frame-fault.ts";
import { createFrameFaults, type FrameFaultSource } from "../faults/frame-faults.ts";
import { createFrameRecorder, type FrameRecorder } from "../record/frame-record.ts";
import type { Line } from "./line.ts";
import { createLines } from "./lines.ts";
import { openPort } from "./port.ts";
import { createRecorder } from "../record/record.ts";
import { createUpgrader } from "./upgrader.ts";

interface Wire {
  readonly client: WebSocket;
  readonly line: Line;
  readonly faults: FrameFaultSource;
  readonly record: FrameRecorder;
  /** What arrived at the platform. */
  readonly received: readonly (string | Uint8Array)[];
  readonly closed: Promise<number>;
  /** The next frame that arrives at the client, as text. */
  readonly nextAtClient: () => Promise<string>;
  /** Waits until everything sent so far has arrived at the platform. */
  readonly settleIn: () => Promise<void>;
}

/** One client on one line; the line's frames are named by their first word. */
async function openWire(options: ClientOptions & { readonly closeTimeout?: number } = {}): Promise<Wire> {
  const port = await openPort(0);
  onTestFinished(() => port.close());
  const never = new AbortController().signal;
  const faults = createFrameFaults();
  const record = createFrameRecorder(() => 7, never);
  const lines = createLines({ faults, record })("echo");
  const opened = Promise.withResolvers<Line>();
  const closed = Promise.withResolvers<number>();
  const received: (string | Uint8Array)[] = [];
  const arrivals = new EventTarget();
  port.server.on("upgrade", createUpgrader({
    platforms: new Map([["echo", (handshake) => {
      lines.accept(handshake, (line) => {
        opened.resolve(line);
        return {
          nameOf: (data) => (typeof data === "string" ? (data.split(" ")[0] ?? "") : "binary"),
          received: (data) => {
            received.push(data);
            arrivals.dispatchEvent(new Event("arrived"));
          },
          closed: (code) => closed.resolve(code),
        };
      });
      return undefined;
    }]]),
    faults: createFaults(),
    record: createRecorder(Date.now, never),
  }));
  const { port: number } = port.server.address() as AddressInfo;
  const client = new WebSocket(`ws://127.0.0.1:${number}/echo/connect`, options);
  client.on("error", () => undefined);
  const queue: string[] = [];
  client.on("message", (data: Buffer, isBinary) => {
    queue.push(isBinary ? `binary ${data.toString("hex")}` : data.toString());
    arrivals.dispatchEvent(new Event("at-client"));
  });
  await once(client, "open");
  const nextAtClient = async (): Promise<string> => {
    while (queue.length === 0) await once(arrivals, "at-client");
    return queue.shift() ?? "";
  };
  const settleIn = async (): Promise<void> => {
    client.send("settle");
    while (received.at(-1) !== "settle") await once(arrivals, "arrived");
    received.pop();
  };
  return { client, line: await opened.promise, faults, record, received, closed: closed.promise, nextAtClient, settleIn };
}

describe("a line without faults", () => {
  it("passes text and bytes both ways, answers pings and writes everything down", async () => {
    const { client, line, record, received, nextAtClient, settleIn } = await openWire();
    line.send("greeting", "hello");
    line.send("greeting", new Uint8Array([1, 255]));
    expect([await nextAtClient(), await nextAtClient()]).toEqual(["hello", "binary 01ff"]);
    client.send("ack 1");
    client.ping("p");
    expect(((await once(client, "pong")) as [Buffer])[0].toString()).toBe("p");
    await settleIn();
    expect(received).toEqual(["ack 1"]);
    expect(record.entries.map(({ direction, frame, text, bytes, isBinary }) => [direction, frame, text, bytes, isBinary])).toEqual([
      ["out", "greeting", "hello", 5, false],
      ["out", "greeting", "\u0001\uFFFD", 2, true],
      ["in", "ack", "ack 1", 5, false],
      ["in", "ws-ping", "p", 1, true],
      ["in", "settle", "settle", 6, false],
    ]);
    expect(record.entries[0]).toMatchObject({ seq: 1, at: 7, platform: "echo", connection: 1 });
  });

  it.each<readonly [title: string, end: (line: Line) => void, code: number]>([
    ["a handshake", (line) => line.close(1011, "bye"), 1011],
    ["the end of TCP", (line) => line.terminate(), 1006],
    ["a reset", (line) => line.reset(), 1006],
  ])("ends with %s", async (_title, end, code) => {
    const { client, line, closed } = await openWire();
    const seen = once(client, "close");
    end(line);
    expect((await seen)[0]).toBe(code);
    expect(await closed).toBe(code);
    expect(line.isOpen).toBe(false);
    line.send("late", "nobody reads it");
  });
});

describe("frame faults to the client", () => {
  it.each<readonly [fault: FrameFault, arriving: readonly string[]]>([
    [{ kind: "drop" }, ["b"]],
    [{ kind: "duplicate" }, ["abcd", "abcd", "b"]],
    [{ kind: "duplicate", count: 3 }, ["abcd", "abcd", "abcd", "b"]],
    [{ kind: "reorder" }, ["b", "abcd"]],
    [{ kind: "truncate" }, ["ab", "b"]],
    [{ kind: "replace", text: "{" }, ["{", "b"]],
    [{ kind: "replace" }, ["", "b"]],
    [{ kind: "replace", base64: "AAH/" }, ["binary 0001ff", "b"]],
    [{ kind: "pad", bytes: 6 }, ["abcd  ", "b"]],
  ])("does %o", async (fault, arriving) => {
    const { line, faults, nextAtClient } = await openWire();
    const handle = faults.add({ platform: "echo", direction: "out", frame: "first*", connection: 1, fault });
    line.send("first one", "abcd");
    line.send("second", "b");
    for (const expected of arriving) expect(await nextAtClient()).toBe(expected);
    line.send("end", "end");
    expect(await nextAtClient()).toBe("end");
    await handle.struck;
    expect(handle.hits).toBe(1);
  });

  it("holds a frame until the rule is released, while others overtake it", async () => {
    const { line, faults, nextAtClient } = await openWire();
    const hold = faults.add({ fault: { kind: "hold" } });
    line.send("a", "a");
    line.send("b", "b");
    expect(await nextAtClient()).toBe("b");
    hold.release();
    expect(await nextAtClient()).toBe("a");
  });

  it("delays a frame by time, at most until the rule is released", async () => {
    const { line, faults, nextAtClient } = await openWire();
    faults.add({ fault: { kind: "delay", ms: 1 } });
    line.send("a", "a");
    line.send("b", "b");
    expect([await nextAtClient(), await nextAtClient()]).toEqual(["b", "a"]);
    const long = faults.add({ fault: { kind: "delay", ms: 3_600_000 } });
    line.send("c", "c");
    long.release();
    expect(await nextAtClient()).toBe("c");
  });

  it("closes or resets instead of a frame", async () => {
    const closing = await openWire();
    closing.faults.add({ fault: { kind: "close", code: 4000, reason: "why not" } });
    closing.line.send("a", "a");
    expect((await once(closing.client, "close"))[0]).toBe(4000);
    const resetting = await openWire();
    resetting.faults.add({ fault: { kind: "reset" } });
    resetting.line.send("a", "a");
    expect((await once(resetting.client, "close"))[0]).toBe(1006);
    expect(resetting.record.entries).toMatchObject([{ frame: "a", fault: "reset" }]);
  });
});

describe("frame faults from the client", () => {
  it("leaves other directions, names and connections alone, and skips and repeats as told", async () => {
    const { client, line, faults, received, nextAtClient, settleIn } = await openWire();
    for (const miss of [{ direction: "out" }, { frame: "nack" }, { connection: 9 }, { platform: "qq" }] as const) {
      faults.add({ ...miss, times: "always", fault: { kind: "duplicate" } });
    }
    faults.add({ direction: "in", frame: "ack", skip: 1, times: 2, fault: { kind: "drop" } });
    for (const text of ["ack 1", "ack 2", "ack 3", "ack 4"]) client.send(text);
    await settleIn();
    expect(received).toEqual(["ack 1", "ack 4"]);
    faults.clear();
    line.send("x", "x");
    expect(await nextAtClient()).toBe("x");
  });

  it("leaves a WebSocket ping without its pong", async () => {
    const { client, faults } = await openWire();
    const pongs: string[] = [];
    client.on("pong", (data) => pongs.push(data.toString()));
    const handle = faults.add({ frame: "ws-ping", fault: { kind: "drop" } });
    client.ping("lost");
    await handle.struck;
    client.ping("found");
    await once(client, "pong");
    expect(pongs).toEqual(["found"]);
  });
});

describe("a silent line", () => {
  it("is closed for good by its own side", async () => {
    const { client, line } = await openWire();
    line.isSilent = true;
    line.close(1001);
    expect((await once(client, "close"))[0]).toBe(1001);
  });

  it("leaves the client's close frame without an answer", async () => {
    const { client, line, closed } = await openWire({ closeTimeout: 50 });
    line.isSilent = true;
    client.close(1000);
    expect((await once(client, "close"))[0]).toBe(1006);
    expect(await closed).toBe(1000);
  });
});
