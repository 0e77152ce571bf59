import { describe, expect, it } from "vitest";
import { parseWebhookKey } from "./webhook-key.ts";

const KEY = "0f1e2d3c-0000-4000-8000-5b4a39281706";

describe("parseWebhookKey", () => {
  it.each([
    ["a bare key", KEY, { key: KEY, isFromUrl: false }],
    ["a key with blanks around it", `  ${KEY}\n`, { key: KEY, isFromUrl: false }],
    ["a key with reserved characters", "a&b=c/d+é", { key: "a&b=c/d+é", isFromUrl: false }],
    ["the whole URL", `https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=${KEY}`, { key: KEY, isFromUrl: true }],
    ["a URL with more in its query", ` HTTPS://qyapi.weixin.qq.com/cgi-bin/webhook/send?debug=1&key=${KEY}#top `, { key: KEY, isFromUrl: true }],
    ["a URL whose key is encoded", "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=a%26b%2Fc", { key: "a&b/c", isFromUrl: true }],
  ])("takes %s (WECOM-37)", (_title, value, expected) => {
    expect(parseWebhookKey(value)).toEqual(expected);
  });

  it.each(["", " \t", "https://qyapi.weixin.qq.com/cgi-bin/webhook/send", "https://qyapi.weixin.qq.com/?key=", "https://", "http://[?key=x"])(
    "finds no key in %j",
    (value) => {
      expect(parseWebhookKey(value)).toBeUndefined();
    },
  );
});
