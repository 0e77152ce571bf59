import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import type { PlatformName } from "@revka/sandbox";
import { describe, expect, it, onTestFinished } from "vitest";
import { startDaemon } from "../support/daemon.ts";
import { atWork, openSandbox, sectionOf } from "../support/sections.ts";
import { freePort } from "../support/port.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { portsOf, whyNoPorts } from "./listening-ports.ts";

const noPorts = whyNoPorts();
if (noPorts !== undefined) process.stderr.write(`The daemon's ports are not looked at: ${noPorts}\n`);

const OTHERS: readonly PlatformName[] = ["dingtalk", "wecom", "qq", "mochat"];
const WITHOUT_OPS = "[ops]\nenabled = false\n";

describe.skipIf(noPorts !== undefined)("the ports of a process", { timeout: 60_000 }, () => {
  it("are seen where there are some", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    onTestFinished(() => void server.close());
    await once(server, "listening");
    expect(portsOf(process.pid)).toContain((server.address() as AddressInfo).port);
  });

  it("are none for a daemon whose six channels connect out, whatever port their sections name (GW-18, GW-19a)", async () => {
    const sandbox = await openSandbox();
    const port = freePort();
    const sections = [
      sectionOf(sandbox, "lark", { receive_mode: "websocket", port }),
      sectionOf(sandbox, "feishu", { port }),
      ...OTHERS.map((name) => sectionOf(sandbox, name)),
    ];
    const daemon = await startDaemon(await tempFolder(), [WITHOUT_OPS, ...sections].join("\n"));
    for (const name of ["lark", "feishu", ...OTHERS] as const) await atWork(sandbox, name, daemon);
    sandbox.lark.say("ou_ann", "hello");
    await sandbox.lark.nextReply("ou_ann");
    expect(portsOf(daemon.pid)).toEqual([]);
    expect(daemon.output()).not.toMatch(/"level":"(?:warn|error)"/);
    expect(daemon.output()).not.toContain(String(port));
  });

  it("are the one of the operations listener, with a webhook of Lark its `port`, and no other (GW-18)", async () => {
    const sandbox = await openSandbox();
    const port = freePort();
    const sections = [sectionOf(sandbox, "lark", { receive_mode: "webhook", port }), ...OTHERS.map((name) => sectionOf(sandbox, name))];
    const daemon = await startDaemon(await tempFolder(), sections.join("\n"));
    await daemon.logged(`listening on 127.0.0.1:${port}/lark`);
    for (const name of OTHERS) await atWork(sandbox, name, daemon);
    const expected = [port, Number(new URL(daemon.opsUrl).port)];
    expect(portsOf(daemon.pid)).toEqual(expected.toSorted((a, b) => a - b));
  });
});
