import { createServer } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { createSandboxClient } from "./client.ts";
import { SandboxError } from "./errors.ts";
import { createMochatPeer, textTo } from "./testing/mochat-peer.ts";
import { openSandbox } from "./testing/open-sandbox.ts";
import { postMessage } from "./testing/wecom-peer.ts";

async function openStranger(status: number, body: string): Promise<string> {
  const server = createServer((_incoming, outgoing) => outgoing.writeHead(status).end(body));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  return `http://127.0.0.1:${port}`;
}

describe("createSandboxClient", () => {
  it("drives a sandbox in another process", async () => {
    const sandbox = await openSandbox();
    const client = createSandboxClient(`${sandbox.url}/`);
    expect((await client.info()).platforms.map(({ name }) => name)).toEqual(["dingtalk", "feishu", "lark", "mochat", "qq", "wecom"]);
    expect((await client.info()).platforms.map(({ scenes }) => scenes.length)).toEqual([2, 2, 2, 2, 2, 0]);
    expect(await client.say("mochat", "u-1", "hello")).toBe("m-1");
    const waiting = client.replies("mochat", { user: "u-1", waitMs: 60_000 });
    await createMochatPeer(sandbox).send(textTo("u-1", "hi"));
    expect(await waiting).toMatchObject({ replies: [{ user: "u-1", text: "hi" }], cursor: 1 });
    expect(await client.replies("mochat", { after: 1 })).toEqual({ replies: [], cursor: 1 });
    await postMessage(sandbox, { msgtype: "text", text: { content: "posted" } });
    expect((await client.messages("wecom", { key: sandbox.wecom.key })).messages).toMatchObject([{ text: "posted", msgtype: "text" }]);
  });

  it("sets switches and faults, clears and resets", async () => {
    const sandbox = await openSandbox();
    const client = createSandboxClient(sandbox.url);
    await client.behave("mochat", { shape: "R4" });
    expect((await createMochatPeer(sandbox).poll()).json).toEqual([]);
    expect(await client.addFault({ fault: { kind: "answer", status: 500 } })).toBe(1);
    await client.clearFaults();
    expect(sandbox.faults.rules).toEqual([]);
    await client.reset();
    expect((await createMochatPeer(sandbox).poll()).json).toMatchObject({ code: 0 });
  });

  it("says what to do when nothing listens", async () => {
    const sandbox = await openSandbox();
    await sandbox.close();
    await expect(createSandboxClient(sandbox.url).info()).rejects.toThrow(`no sandbox answers at ${sandbox.url}: start one with \`revka sandbox\``);
  });

  it("passes on what the sandbox does not accept", async () => {
    const { url } = await openSandbox();
    const call = createSandboxClient(url).behave("mochat", { pageSize: "many" });
    await expect(call).rejects.toThrow(/^the input is not as it must be; pageSize: /);
    await expect(call).rejects.toBeInstanceOf(SandboxError);
    await expect(call).rejects.toMatchObject({ status: 400 });
  });

  it.each([
    [200, '{"name":"something else"}', "answers, but is no sandbox of this version"],
    [200, "<html>", "answers, but is no sandbox of this version"],
    [404, "<html>", "answered 404 and is no sandbox"],
  ])("recognises a stranger that answers %i %s", async (status, body, message) => {
    await expect(createSandboxClient(await openStranger(status, body)).info()).rejects.toThrow(message);
  });

  it("ends a wait with the reason of its signal", async () => {
    const { url } = await openSandbox();
    const stop = new AbortController();
    const waiting = createSandboxClient(url).replies("mochat", { waitMs: 60_000, signal: stop.signal });
    stop.abort(new RangeError("enough"));
    await expect(waiting).rejects.toThrow("enough");
  });
});
