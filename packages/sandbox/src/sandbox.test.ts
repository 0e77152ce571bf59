import { connect } from "node:net";
import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { SandboxError } from "./errors.ts";
import { startSandbox } from "./sandbox.ts";
import { createMochatPeer, textTo } from "./testing/mochat-peer.ts";
import { openSandbox } from "./testing/open-sandbox.ts";
import { postMessage } from "./testing/wecom-peer.ts";

const MESSAGE = { msgtype: "text", text: { content: "hello" } };

describe("startSandbox", () => {
  it("gives the settings that point a gateway at it", async () => {
    const sandbox = await openSandbox({ mochat: { token: "t-1" }, wecom: { keys: ["k-1", "k-2"] } });
    expect(sandbox.settingsFor("mochat")).toEqual({ section: "mochat", values: { api_url: `${sandbox.url}/mochat`, api_token: "t-1", poll_interval_secs: 1 } });
    expect(sandbox.settingsFor("wecom")).toEqual({ section: "wecom", values: { base_url: `${sandbox.url}/wecom`, webhook_key: "k-1" } });
    expect((await postMessage(sandbox, MESSAGE, "k-2")).errcode).toBe(0);
  });

  it("gives out addresses under the public URL that it is told, which something in front of it answers", async () => {
    const sandbox = await openSandbox({ publicUrl: "https://api.example.test/sandbox/", mochat: { token: "t-1" } });
    expect(sandbox.settingsFor("mochat").values).toMatchObject({ api_url: "https://api.example.test/sandbox/mochat" });
    const { appId, appSecret } = sandbox.lark.credentials;
    const discovered = await fetch(`${sandbox.url}/lark/callback/ws/endpoint`, { method: "POST", body: JSON.stringify({ AppID: appId, AppSecret: appSecret }) });
    expect(await discovered.json()).toMatchObject({ data: { URL: expect.stringMatching(/^wss:\/\/api\.example\.test\/sandbox\/lark\/ws\/v2\?/) as string } });
  });

  it("says what to do when its port is taken", async () => {
    const { url } = await openSandbox();
    const port = Number(new URL(url).port);
    await expect(startSandbox({ port })).rejects.toThrow(`cannot listen on 127.0.0.1:${port}: another sandbox may be running`);
  });

  it("forgets messages, switches, tokens, faults and record when it is reset", async () => {
    const sandbox = await openSandbox();
    const { token } = sandbox.mochat;
    sandbox.mochat.say("u-1", "hello");
    sandbox.mochat.behave({ shape: "R4" });
    sandbox.wecom.keys.remove(sandbox.wecom.key);
    sandbox.wecom.refuse(-1);
    sandbox.faults.add({ times: "always", fault: { kind: "reset" } });
    await createMochatPeer(sandbox).poll().catch(() => undefined);
    sandbox.mochat.acceptToken("other");
    sandbox.reset();
    expect(sandbox.record.entries).toEqual([]);
    expect(await createMochatPeer(sandbox, token).poll()).toMatchObject({ json: { code: 0, data: [] } });
    expect((await postMessage(sandbox, MESSAGE)).errcode).toBe(0);
    expect(sandbox.mochat.say("u-1", "again")).toBe("m-1");
    expect(sandbox.mochat.transcript("u-1")).toHaveLength(1);
  });

  it("refuses connections while it is paused, and comes back on the same port with everything it knew", async () => {
    const sandbox = await openSandbox();
    const peer = createMochatPeer(sandbox);
    await peer.send(textTo("u-1", "before"));
    await sandbox.pause();
    await expect(peer.poll()).rejects.toMatchObject({ cause: { code: "ECONNREFUSED" } });
    await sandbox.resume();
    await sandbox.resume();
    await peer.send(textTo("u-1", "after"));
    expect(sandbox.mochat.sent.map(({ text }) => text)).toEqual(["before", "after"]);
  });

  it("ends hanging requests and waits when it closes, and does so twice without harm", async () => {
    const sandbox = await startSandbox();
    const hang = sandbox.faults.add({ fault: { kind: "hang" } });
    const call = expect(createMochatPeer(sandbox).poll()).rejects.toThrow();
    const wait = expect(sandbox.mochat.nextReply("u-1")).rejects.toThrow(SandboxError);
    await hang.struck;
    await sandbox.close();
    await sandbox.close();
    await Promise.all([call, wait]);
    await expect(sandbox.resume()).rejects.toThrow("the sandbox was closed");
  });

  it("closes at the end of an `await using` block", async () => {
    let url: string;
    {
      await using sandbox = await startSandbox();
      url = sandbox.url;
    }
    await expect(fetch(url)).rejects.toMatchObject({ cause: { code: "ECONNREFUSED" } });
  });

  it("reads a request target that is a whole URL, as clients send it to a proxy", async () => {
    const sandbox = await openSandbox();
    const socket = connect(Number(new URL(sandbox.url).port), "127.0.0.1");
    socket.end(`GET http://elsewhere.example/mochat/api/health HTTP/1.1\r\nHost: elsewhere.example\r\nConnection: close\r\n\r\n`);
    const [chunk] = (await once(socket, "data")) as [Buffer];
    expect(chunk.toString()).toMatch(/^HTTP\/1\.1 401 /);
  });
});
