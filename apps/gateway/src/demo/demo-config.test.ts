import { parse } from "smol-toml";
import { describe, expect, it } from "vitest";
import { renderDemoConfig } from "./demo-config.ts";

describe("renderDemoConfig", () => {
  it("writes a section for each platform, with its values as they are", () => {
    const text = renderDemoConfig([
      { section: "one", values: { url: "http://127.0.0.1:1/one", key: 'a "quoted" \\ 你好', seconds: 1 } },
      { section: "two", values: {} },
    ]);
    expect(parse(text)).toEqual({
      agent: { kind: "echo" },
      channels_config: {
        one: { url: "http://127.0.0.1:1/one", key: 'a "quoted" \\ 你好', seconds: 1, allowed_users: ["*"] },
        two: { allowed_users: ["*"] },
      },
    });
  });
});
