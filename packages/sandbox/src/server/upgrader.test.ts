import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { createFaults, type FaultSource } from "../faults/faults.ts";
import type { Upgrade } from "../platforms/platform.ts";
import { openPort } from "./port.ts";
import { createRecorder, type Recorder } from "../record/record.ts";
import { createUpgrader } from "./upgrader.ts";

async function openEcho(): Promise<{ connect: (path: string) => WebSocket; faults: FaultSource; record: Recorder; close: () => Promise<void> }> {
  const wss = new WebSocketServer({ noServer: true });
  wss.on("connection", (socket) => socket.on("message", (data) => socket.send(data)));
  const upgrade: Upgrade = ({ request, socket, head, path }) => {
    if (path !== "/connect") return { status: 401, headers: {}, body: Buffer.from("no") };
    wss.handleUpgrade(request, socket, head, (peer) => wss.emit("connection", peer, request));
    return undefined;
  };
  const port = await openPort(0);
  onTestFinished(() => port.close());
  const faults = createFaults();
  const record = createRecorder(Date.now, new AbortController().signal);
  port.server.on("upgrade", createUpgrader({ platforms: new Map([["echo", upgrade]]), faults, record }));
  const { port: number } = port.server.address() as AddressInfo;
  return { connect: (path) => new WebSocket(`ws://127.0.0.1:${number}${path}`), faults, record, close: () => port.close() };
}

/** The status that a handshake was refused with. */
async function refusalOf(socket: WebSocket): Promise<number | undefined> {
  const [, response] = (await once(socket, "unexpected-response")) as [unknown, { statusCode?: number; destroy: () => void }];
  response.destroy();
  return response.statusCode;
}

describe("createUpgrader", () => {
  it("hands a handshake to the platform and records it", async () => {
    const { connect, record } = await openEcho();
    const socket = connect("/echo/connect?ticket=1");
    await once(socket, "open");
    socket.send("hello");
    const [data] = (await once(socket, "message")) as [Buffer];
    expect(data.toString()).toBe("hello");
    expect(record.entries).toMatchObject([{ platform: "echo", path: "/connect", query: "?ticket=1", outcome: "answered", answer: { status: 101 } }]);
  });

  it("writes the platform's refusal", async () => {
    const { connect, record } = await openEcho();
    expect(await refusalOf(connect("/echo/elsewhere"))).toBe(401);
    expect(record.entries).toMatchObject([{ answer: { status: 401, body: { text: "no" } } }]);
  });

  it("answers 404 where no platform takes WebSockets", async () => {
    const { connect, record } = await openEcho();
    expect(await refusalOf(connect("/mochat/connect"))).toBe(404);
    expect(record.entries).toMatchObject([{ platform: "" }]);
  });

  it("lets faults answer, hold and reset a handshake", async () => {
    const { connect, faults, record } = await openEcho();
    faults.add({ fault: { kind: "answer", status: 503 } });
    expect(await refusalOf(connect("/echo/connect"))).toBe(503);
    const hang = faults.add({ fault: { kind: "hang" } });
    const held = connect("/echo/connect");
    await hang.struck;
    hang.release();
    await once(held, "open");
    faults.add({ platform: "echo", fault: { kind: "reset" } });
    const [error] = (await once(connect("/echo/connect"), "error")) as [NodeJS.ErrnoException];
    expect(error.code).toBe("ECONNRESET");
    expect(record.entries.map(({ outcome }) => outcome)).toEqual(["answered", "answered", "dropped"]);
  });

  it("drops open WebSockets when the port closes", async () => {
    const { connect, close } = await openEcho();
    const socket = connect("/echo/connect");
    await once(socket, "open");
    const closed = once(socket, "close");
    await close();
    expect(await closed).toMatchObject([1006, expect.anything()]);
  });
});
