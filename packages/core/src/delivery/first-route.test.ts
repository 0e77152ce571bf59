import { describe, expect, it } from "vitest";
import { NoReplyRouteError, TransientError } from "../contract/errors.ts";
import { sendByFirstRoute, type RouteAttempt } from "./first-route.ts";

const noRoute = (): NoReplyRouteError => new NoReplyRouteError("nowhere to answer", { conversationId: "c-1" });
const open = (route: string): RouteAttempt => ({ route, send: () => Promise.resolve({ messageIds: [`by ${route}`], remainingReplies: 3 }) });
const closed = (route: string): RouteAttempt => ({ route, send: () => Promise.resolve(undefined) });
const failing = (route: string, error: Error): RouteAttempt => ({ route, send: () => Promise.reject(error) });

describe("sendByFirstRoute", () => {
  it("takes the first way that is open and names it", async () => {
    const receipt = await sendByFirstRoute([open("reply"), open("push")], noRoute);
    expect(receipt).toEqual({ messageIds: ["by reply"], remainingReplies: 3, route: "reply" });
  });

  it("goes on where a way is not open, or turns out not to be", async () => {
    const receipt = await sendByFirstRoute([closed("reply"), failing("webhook", noRoute()), open("push")], noRoute);
    expect(receipt.route).toBe("push");
  });

  it("does not go on after any other failure: it may have been delivered", async () => {
    const lost = new TransientError("lost");
    await expect(sendByFirstRoute([failing("reply", lost), open("push")], noRoute)).rejects.toBe(lost);
  });

  it.each([[[]], [[closed("reply"), failing("push", noRoute())]]])("tells when no way is open (case %#)", async (attempts) => {
    await expect(sendByFirstRoute(attempts, noRoute)).rejects.toThrow("nowhere to answer");
  });
});
