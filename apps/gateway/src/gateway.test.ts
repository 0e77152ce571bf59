import { describe, expect, it } from "vitest";
import { openHouse } from "./testing/test-house.test-support.ts";

describe("createGateway", () => {
  it("answers what it is told", async () => {
    const house = await openHouse();
    await expect(house.channel.say("hello")).resolves.toBe("accepted");
    await house.until("settled");
    expect(house.posted()).toEqual(["hello"]);
    expect(house.steps()).toEqual(["received hello", "accepted hello", "agent-started hello", "replied hello", "part-sent hello", "part-recorded hello", "settled hello"]);
    await house.gateway.stop();
  });
});
