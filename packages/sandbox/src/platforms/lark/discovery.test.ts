import { describe, expect, it } from "vitest";
import { connectLark, discover, refusalOf } from "../../testing/lark-peer.ts";
import { handClock, openSandbox } from "../../testing/open-sandbox.ts";

describe("the discovery of an endpoint", () => {
  it("gives another URL every time, and what to know about pings and reconnects", async () => {
    const { lark } = await openSandbox();
    const { data, ...rest } = await discover(lark);
    expect(rest).toEqual({ code: 0, msg: "ok" });
    expect(data.URL).toMatch(/^ws:\/\/127\.0\.0\.1:\d+\/lark\/ws\/v2\?device_id=7000000000000000001&service_id=33554678&ticket=[0-9a-f]{32}$/);
    expect(data.ClientConfig).toEqual({ ReconnectCount: -1, ReconnectInterval: 120, ReconnectNonce: 30, PingInterval: 120 });
    lark.behave({ reconnectCount: 2, reconnectIntervalSecs: 0.05, reconnectNonceSecs: 0, pingIntervalSecs: 5 });
    const second = await discover(lark);
    expect(second.data.URL).not.toBe(data.URL);
    expect(second.data.ClientConfig).toEqual({ ReconnectCount: 2, ReconnectInterval: 0.05, ReconnectNonce: 0, PingInterval: 5 });
  });

  it.each([
    [{ AppSecret: "wrong" }, 514],
    [{ AppID: "cli_0000000000000000" }, 514],
    [{ AppID: 1 }, 403],
  ])("refuses %o with %i, and still brings its objects", async (overrides, code) => {
    const { lark } = await openSandbox();
    expect(await discover(lark, overrides)).toMatchObject({ code, data: { URL: "", ClientConfig: { PingInterval: 120 } } });
  });

  it("answers with the codes that are asked for, once each", async () => {
    const { lark } = await openSandbox();
    lark.refuseEndpoint(1, 2);
    lark.refuseEndpoint(1_000_040_343);
    const codes = [await discover(lark), await discover(lark), await discover(lark), await discover(lark)].map(({ code }) => code);
    expect(codes).toEqual([1, 1, 1_000_040_343, 0]);
    expect(() => lark.refuseEndpoint(1, 10_001)).toThrow(RangeError);
  });

  it("writes its URL in the ways that clients must refuse", async () => {
    const { lark } = await openSandbox();
    lark.behave({ endpointUrl: "without-service-id" });
    expect((await discover(lark)).data.URL).not.toContain("service_id");
    lark.behave({ endpointUrl: "http" });
    expect((await discover(lark)).data.URL).toMatch(/^http:/);
  });

  it("stops at so many connections, and again when one is gone", async () => {
    const { lark } = await openSandbox();
    lark.behave({ connectionCount: 2 });
    const { data: { URL: spare } } = await discover(lark);
    const peer = await connectLark(lark);
    await connectLark(lark);
    expect(await discover(lark)).toMatchObject({ code: 1_000_040_350, msg: "the number of connections exceeded the limit" });
    expect(await refusalOf(spare)).toMatchObject({ status: 403, headers: { "handshake-status": "514", "handshake-autherrcode": "1000040350" } });
    peer.socket.close();
    await peer.connection.closed;
    expect((await discover(lark)).code).toBe(0);
  });
});

describe("the handshake", () => {
  it("takes a URL once, for five minutes, unless told otherwise", async () => {
    const clock = handClock();
    const { lark } = await openSandbox({ now: clock.now });
    const [stale, spoilt, good] = [(await discover(lark)).data.URL, (await discover(lark)).data.URL, (await discover(lark)).data.URL];
    clock.advance(299_999);
    const { connection } = await connectLark(lark, good);
    expect(connection).toMatchObject({ serviceId: 33_554_678, isOpen: true });
    const refusal = { status: 403, headers: { "handshake-status": "514", "handshake-autherrcode": "1000040346", "handshake-msg": "ticket is invalid" } };
    expect(await refusalOf(good)).toMatchObject(refusal);
    clock.advance(1);
    expect(await refusalOf(stale)).toMatchObject(refusal);
    lark.behave({ ticketLifeMs: 600_000 });
    lark.expireUrls();
    expect(await refusalOf(spoilt)).toMatchObject(refusal);
    lark.behave({ ticketUses: 2 });
    const twice = (await discover(lark)).data.URL;
    await connectLark(lark, twice);
    await connectLark(lark, twice);
    expect(lark.connections).toHaveLength(3);
  });

  it("is refused as it is asked for", async () => {
    const { lark } = await openSandbox();
    lark.refuseHandshake({ handshakeStatus: 403, message: "forbidden" });
    lark.refuseHandshake({ handshakeStatus: 514, authErrCode: 7, httpStatus: 401 });
    const { URL: url } = (await discover(lark)).data;
    const first = await refusalOf(url);
    expect(first).toMatchObject({ status: 403, headers: { "handshake-status": "403", "handshake-msg": "forbidden" } });
    expect(first.headers).not.toHaveProperty("handshake-autherrcode");
    expect(await refusalOf(url)).toMatchObject({ status: 401, headers: { "handshake-status": "514", "handshake-autherrcode": "7" } });
    expect((await connectLark(lark, url)).connection.isOpen).toBe(true);
    expect((await refusalOf(url.replace("/ws/v2", "/ws/v1"))).status).toBe(404);
  });
});
