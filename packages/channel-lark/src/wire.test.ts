import { describe, expect, it } from "vitest";
import { decodeEvent, decodePong, parseEnvelope } from "./wire.ts";

const bytes = (text: string): Uint8Array => Buffer.from(text);

describe("parseEnvelope", () => {
  it("reads an event, with as much of its header as is fit to read", () => {
    const header = { event_id: "ev-1", event_type: "im.message.receive_v1", token: "t", app_id: "cli_1", tenant_key: "tk1" };
    expect(parseEnvelope({ schema: "2.0", header, event: { a: 1 } })).toEqual({ header: { eventType: "im.message.receive_v1", eventId: "ev-1", token: "t", appId: "cli_1" }, event: { a: 1 } });
    expect(parseEnvelope({ header: { event_type: "x", event_id: 7, token: null } })).toEqual({ header: { eventType: "x" }, event: undefined });
  });

  it("finds the token of the old version at the top", () => {
    expect(parseEnvelope({ uuid: "1", token: "t", type: "event_callback", event: { type: "message" } })).toEqual({ header: { eventType: "", token: "t" }, event: { type: "message" } });
  });

  it.each([undefined, null, 1, "text", [], [1], {}, { header: {} }, { header: { event_type: 1 } }])("finds no event in %j", (json) => {
    expect(parseEnvelope(json)).toBeUndefined();
  });
});

describe("decodeEvent", () => {
  it("tells of what cannot be read its size alone", () => {
    expect(decodeEvent(bytes('{"header":{"token":"v-token-123"'))).toEqual({ malformed: "an event that cannot be read", excerpt: "32 bytes" });
    expect(decodeEvent(bytes(""))).toHaveProperty("malformed");
  });

  it("stands any depth", () => {
    expect(decodeEvent(bytes("[".repeat(100_000)))).toHaveProperty("malformed");
    expect(decodeEvent(bytes(`{"event":${"[".repeat(100_000)}${"]".repeat(100_000)}}`))).toHaveProperty("event");
  });
});

describe("decodePong", () => {
  it.each<[string, string | undefined, object]>([
    ["nothing", undefined, {}],
    ["no JSON", "pong", {}],
    ["no object", "[]", {}],
    ["an interval", '{"PingInterval":90}', { pingIntervalMs: 90_000 }],
    ["everything", '{"ReconnectCount":-1,"ReconnectInterval":120,"ReconnectNonce":30,"PingInterval":0}', { reconnectCount: -1, reconnectIntervalMs: 120_000, reconnectNonceMs: 30_000, pingIntervalMs: 0 }],
    ["what is no number", '{"PingInterval":"90","ReconnectCount":1.5,"ReconnectNonce":null}', {}],
  ])("reads %s (LARK-55)", (_title, payload, config) => {
    expect(decodePong(payload === undefined ? undefined : bytes(payload))).toEqual(config);
  });
});
