import { once } from "node:events";
import { createServer, type AddressInfo, type Server } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DEFAULT_SETTINGS } from "../config/default-settings.ts";
import type { TableRecord } from "../config/table-record.ts";
import { checkPorts } from "./check-ports.ts";

const webhook = (name: string, port: number, host?: string): TableRecord => ({
  path: `channels_config.${name}`,
  fields: [],
  raw: {},
  table: { receive_mode: "webhook", port, ...(host !== undefined && { host }) },
  overrides: [],
});
const settings = (port: number, enabled = true) => ({ ...DEFAULT_SETTINGS, ops: { ...DEFAULT_SETTINGS.ops, port, enabled } });

describe("checkPorts", () => {
  let taken: Server;
  let port: number;
  beforeEach(async () => {
    taken = createServer().listen(0, "127.0.0.1");
    await once(taken, "listening");
    port = (taken.address() as AddressInfo).port;
  });
  afterEach(() => taken.close());

  /** A port that was free a moment ago. */
  async function freePort(): Promise<number> {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port: free } = server.address() as AddressInfo;
    server.close();
    await once(server, "close");
    return free;
  }

  it("finds a webhook's port taken, which keeps the channel down", async () => {
    expect(await checkPorts({ settings: settings(0), tables: [webhook("lark", port)] })).toMatchObject([
      { verdict: "failure", text: `127.0.0.1:${port} cannot be had for [channels_config.lark] (EADDRINUSE)`, remedy: "end the program that listens there, or set port under [channels_config.lark] to another one" },
    ]);
  });

  it("only warns of the operations listener's, since the daemon goes on without", async () => {
    expect(await checkPorts({ settings: settings(port), tables: [] })).toMatchObject([{ verdict: "warning", text: `127.0.0.1:${port} cannot be had for [ops] (EADDRINUSE)` }]);
  });

  it("lets two channels share a listener, but none that of the operator", async () => {
    const free = await freePort();
    const tables = [webhook("lark", free), webhook("feishu", free)];
    expect(await checkPorts({ settings: settings(free, false), tables })).toMatchObject([{ verdict: "ok", text: `127.0.0.1:${free} is free for [channels_config.lark] and [channels_config.feishu]` }]);
    expect(await checkPorts({ settings: settings(free), tables })).toMatchObject([{ verdict: "failure", text: `127.0.0.1:${free} is wanted by [ops] and [channels_config.lark] and [channels_config.feishu]` }]);
  });

  it("says that an address belongs to another machine", async () => {
    expect(await checkPorts({ settings: settings(0), tables: [webhook("lark", await freePort(), "192.0.2.1")] })).toMatchObject([
      { verdict: "failure", remedy: "set host under [channels_config.lark] to an address of this machine" },
    ]);
  });

  it("has nothing to say where nothing listens on a fixed port", async () => {
    const socketMode = { ...webhook("lark", port), table: { receive_mode: "websocket", port } };
    expect(await checkPorts({ settings: settings(0), tables: [socketMode] })).toMatchObject([{ verdict: "skipped" }]);
  });
});
