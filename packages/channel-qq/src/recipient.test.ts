import { describe, expect, it } from "vitest";
import { conversationIdOf, recipientOf } from "./recipient.ts";

describe("recipientOf", () => {
  it.each([
    [{ conversationId: "user:U1" }, "user:U1"],
    [{ conversationId: "group:G1" }, "group:G1"],
    [{ conversationId: "U1" }, "user:U1"],
    [{ conversationId: "G1", kind: "group" }, "group:G1"],
    [{ conversationId: "U1", kind: "direct" }, "user:U1"],
    [{ conversationId: "group:G1", kind: "direct" }, "group:G1"],
    [{ conversationId: "ROBOT1.0_a-b=!" }, "user:ROBOT1.0_a-b=!"],
  ] as const)("reads %j (QQ-D04)", (target, conversationId) => {
    expect(conversationIdOf(recipientOf(target))).toBe(conversationId);
  });

  it.each(["", "group:", "user:", "group:../x", "..", "a/b", "a\\b", "a?b", "a#b", "a%2Fb", "a b", "a\nb", "channel:X", "x".repeat(257)])("refuses %j (QQ-D04)", (conversationId) => {
    expect(() => recipientOf({ conversationId })).toThrow("a QQ recipient is user:<openid>, group:<group_openid> or a bare openid");
  });
});
