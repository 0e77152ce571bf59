import { createWecomChannel } from "@revka/channel-wecom";
import type { Fault } from "@revka/sandbox";
import type { SendPeer } from "../house/send-peer.ts";

/** The WeCom webhook on the sandbox, for the send suite. */
export const wecomPeer: SendPeer = {
  name: "wecom",
  create: ({ wecom }, context) => createWecomChannel({ webhookKey: wecom.key, baseUrl: wecom.url }, context),
  target: { conversationId: "" },
  posted: ({ wecom }) => wecom.sent(),
  sends: {
    path: "/cgi-bin/webhook/send",
    refusals: [
      { title: "is busy", fault: answer(-1, "system busy") },
      { title: "takes no more calls at once", fault: answer(45033, "api concurrent out of limit") },
      { title: "takes no more messages in this minute", fault: answer(45009, "api freq out of limit"), retryAfterMs: 60_000 },
      { title: "is behind a gateway that asks for patience", fault: { kind: "answer", status: 429 }, retryAfterMs: 60_000 },
      { title: "is behind a gateway that has lost it", fault: { kind: "answer", status: 502, body: "<h1>Bad Gateway</h1>" } },
    ],
  },
  refusalForGood: { fault: answer(93004, "robot is disabled"), code: "auth" },
  rate: { count: 20, windowMs: 60_000 },
};

function answer(errcode: number, errmsg: string): Fault {
  return { kind: "answer", body: JSON.stringify({ errcode, errmsg }) };
}
