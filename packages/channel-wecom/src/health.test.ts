import { createContext, RateLimitError, TransientError, type ChannelError } from "@revka/core";
import { createManualClock } from "@revka/core/testing";
import { describe, expect, it } from "vitest";
import { createWecomApi, type WecomApi } from "./api.ts";
import { createHealthCheck } from "./health.ts";
import { answerOf, startWebhookServer, type Answer } from "./webhook-server.test-support.ts";

async function setUp(...script: Answer[]) {
  const server = await startWebhookServer(script);
  const clock = createManualClock();
  const api = createWecomApi({ webhookKey: "0f1e2d3c4b5a", baseUrl: server.url }, createContext("wecom", { clock }));
  return { server, clock, check: createHealthCheck(api, clock), [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

/** An API whose posts all fail in this way. */
function failingApi(error: ChannelError): WecomApi {
  const fail = (): Promise<never> => Promise.reject(error);
  return { post: fail, upload: fail };
}

describe("createHealthCheck", () => {
  it("posts exactly one health_check text and reports ok (WECOM-17, WECOM-26, WECOM-35)", async () => {
    await using world = await setUp();
    expect(await world.check()).toEqual({ ok: true, latencyMs: 0, detail: "the bot's chat now shows health_check" });
    expect(world.server.bodies).toEqual(['{"msgtype":"text","text":{"content":"health_check"}}']);
    expect(world.clock.pending).toBe(0);
  });

  it.each([
    ["200 with errcode 93000", answerOf("answer-key-invalid.json"), "errcode=93000"],
    ["200 with errcode -1", answerOf("answer-busy.json"), "WeCom API error (errcode=-1): system busy"],
    ["200 with something else", { body: "ok" }, "no readable answer"],
    ["502", { status: 502, body: '{"errcode":0}' }, "WeCom webhook send failed (502 Bad Gateway)"],
  ])("reports %s as not ok, after one post (WECOM-35)", async (_title, answer, detail) => {
    await using world = await setUp(answer);
    expect(await world.check()).toMatchObject({ ok: false, detail: expect.stringContaining(detail) as unknown });
    expect(world.server.requests).toHaveLength(1);
  });

  it("shares one post among those who ask at the same time", async () => {
    await using world = await setUp();
    const reports = await Promise.all([world.check(), world.check(), world.check()]);
    expect(reports.map(({ ok }) => ok)).toEqual([true, true, true]);
    expect(world.server.requests).toHaveLength(1);
    await world.check();
    expect(world.server.requests).toHaveLength(2);
  });

  it("gives up after 10 seconds of silence (WECOM-29)", async () => {
    await using world = await setUp("hang");
    const checking = world.check();
    await world.server.untilRequests(1);
    await world.clock.advance(10_000);
    expect(await checking).toMatchObject({ ok: false, latencyMs: 10_000, detail: expect.stringContaining("no answer within 10 s") as unknown });
  });

  it("lets one who aborts go, and answers the others", async () => {
    await using world = await setUp("hang");
    const abort = new AbortController();
    const impatient = expect(world.check(abort.signal)).rejects.toBe("enough");
    const patient = world.check();
    await world.server.untilRequests(1);
    abort.abort("enough");
    await impatient;
    await world.clock.advance(10_000);
    expect(await patient).toMatchObject({ ok: false });
    expect(world.server.requests).toHaveLength(1);
  });

  it("posts nothing for one who has aborted already", async () => {
    await using world = await setUp();
    await expect(world.check(AbortSignal.abort("never mind"))).rejects.toBe("never mind");
    expect(world.server.requests).toHaveLength(0);
  });

  it.each([new TransientError("ECONNREFUSED"), new RateLimitError("too many messages wait to be sent", { retryAfterMs: 1 })])(
    "reports $name in its own words",
    async (error) => {
      const report = await createHealthCheck(failingApi(error), createManualClock())();
      expect(report).toMatchObject({ ok: false, detail: error.message });
    },
  );
});
