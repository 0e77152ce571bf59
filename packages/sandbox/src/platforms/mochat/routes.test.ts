import { describe, expect, it } from "vitest";
import { createMochatPeer, textTo } from "../../testing/mochat-peer.ts";
import { openSandbox } from "../../testing/open-sandbox.ts";

describe("the Mochat endpoints", () => {
  it.each([[undefined], ["sandbox-mochat-token"], ["Bearer wrong"], ["bearer sandbox-mochat-token"], ["Basic sandbox-mochat-token"]])(
    "refuse the Authorization header %s with 401 (MOCHAT-12)", async (authorization) => {
      const { mochat } = await openSandbox();
      const headers: Record<string, string> = authorization === undefined ? {} : { authorization };
      for (const [method, path] of [["GET", "message/receive"], ["POST", "message/send"], ["GET", "health"]] as const) {
        const response = await fetch(`${mochat.url}/api/${path}`, { method, headers });
        expect([response.status, await response.json()]).toEqual([401, { code: 401, msg: "unauthorized" }]);
      }
      expect(mochat.sent).toEqual([]);
    },
  );

  it.each([[403, 403, 403], [200, 200, 401]] as const)("refuse a wrong token as told: %i", async (authRefusal, status, code) => {
    const sandbox = await openSandbox();
    sandbox.mochat.behave({ authRefusal });
    expect(await createMochatPeer(sandbox, "wrong").poll()).toMatchObject({ status, json: { code } });
  });

  it("accept a new token, and the old one no longer", async () => {
    const sandbox = await openSandbox();
    const old = createMochatPeer(sandbox);
    sandbox.mochat.acceptToken("next");
    expect((await old.send(textTo("u-1", "hello"))).status).toBe(401);
    expect((await createMochatPeer(sandbox).poll()).status).toBe(200);
    expect(sandbox.settingsFor("mochat").values["api_token"]).toBe("next");
  });

  it.each([["POST", "message/receive"], ["GET", "message/send"], ["PUT", "message/send"], ["DELETE", "health"]])("refuse %s %s with 405", async (method, path) => {
    const { mochat } = await openSandbox();
    expect((await fetch(`${mochat.url}/api/${path}`, { method })).status).toBe(405);
  });

  it.each(["/api/message", "/api/message/receive/", "/message/receive", "/"])("answer 404 to %s", async (path) => {
    const { mochat } = await openSandbox();
    expect((await fetch(`${mochat.url}${path}`)).status).toBe(404);
  });

  it("refuse a switch that is not possible", async () => {
    const { mochat } = await openSandbox();
    expect(() => mochat.behave({ pageSize: 0, retention: 100_001 })).toThrow(/^pageSize: .+; retention: /);
  });
});

describe("GET /api/health", () => {
  it("is well by default (MOCHAT-23)", async () => {
    const response = await createMochatPeer(await openSandbox()).health();
    expect([response.status, await response.json()]).toEqual([200, { status: "ok" }]);
  });

  it.each([204, 401, 503] as const)("answers %i when told to", async (health) => {
    const sandbox = await openSandbox();
    sandbox.mochat.behave({ health });
    expect((await createMochatPeer(sandbox).health()).status).toBe(health);
  });

  it("redirects when told to", async () => {
    const sandbox = await openSandbox();
    sandbox.mochat.behave({ health: "redirect" });
    const response = await createMochatPeer(sandbox).health();
    expect([response.status, response.headers.get("location")]).toEqual([302, `${sandbox.mochat.url}/healthy`]);
  });

  it("hangs when told to, until the client leaves", async () => {
    const sandbox = await openSandbox();
    sandbox.mochat.behave({ health: "hang" });
    const arrival = sandbox.faults.add({ fault: { kind: "delay", ms: 0 } });
    const stop = new AbortController();
    const call = createMochatPeer(sandbox).health({ signal: stop.signal });
    await arrival.struck;
    stop.abort();
    await expect(call).rejects.toThrow();
    expect(await sandbox.record.next(() => true)).toMatchObject({ outcome: "dropped" });
  });
});
