import { parse } from "smol-toml";
import { describe, expect, it } from "vitest";
import { renderDemoConfig } from "./demo-config.ts";

describe("renderDemoConfig", () => {
  it("writes a section for each platform, with its values as they are", () => {
    const text = renderDemoConfig([
      { name: "one", settings: { section: "one", values: { url: "http://127.0.0.1:1/one", key: 'a "quoted" \\ 你好', seconds: 1 } } },
      { name: "two", settings: { section: "two", values: {} } },
    ]);
    expect(parse(text)).toEqual({
      agent: { kind: "echo" },
      channels_config: {
        one: { url: "http://127.0.0.1:1/one", key: 'a "quoted" \\ 你好', seconds: 1, allowed_users: ["*"] },
        two: { allowed_users: ["*"] },
      },
    });
  });

  it("lets answers grow where they can, and listens where the platform posts", () => {
    const webhook = { path: "/three", values: { receive_mode: "webhook" } };
    const text = renderDemoConfig([{ name: "three", settings: { section: "three", values: {} }, grows: true, webhook }], new Map([["three", 8081]]));
    const section = { receive_mode: "webhook", port: 8081, stream_mode: "partial", draft_update_interval_ms: 200, allowed_users: ["*"] };
    expect(parse(text)).toMatchObject({ channels_config: { three: section } });
  });
});
