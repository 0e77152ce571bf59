import type { Fault, Sandbox } from "@revka/sandbox";
import type { HousePeer, HousePlatform, Malformed, Outage } from "../house/peer.ts";
import { EVERYTHING_AGAIN } from "./mochat.ts";

const RECEIVE = "/api/message/receive";

/** Mochat on the sandbox, for the house suite. */
export const mochatPeer: HousePeer = {
  name: "mochat",
  dropsRepeats: true,
  keepsForAbsent: true,
  platformIn,
  sends: {
    path: "/api/message/send",
    refusals: [
      { title: "asks for 20 s of patience", fault: { kind: "answer", status: 429, headers: { "retry-after": "20" } }, retryAfterMs: 20_000 },
      { title: "asks for more patience than a channel has by itself", fault: { kind: "answer", status: 429, headers: { "retry-after": "50" } }, retryAfterMs: 50_000 },
      { title: "asks for patience without saying how much", fault: { kind: "answer", status: 429 } },
      { title: "is over capacity", fault: { kind: "answer", status: 503, headers: { "retry-after": "5" } }, retryAfterMs: 5_000 },
      { title: "breaks down", fault: { kind: "answer", status: 500, body: "<h1>Internal Server Error</h1>" } },
    ],
  },
  outages: [
    {
      title: "is down",
      async begin(sandbox) {
        await sandbox.pause();
        return { met: Promise.resolve(), end: () => sandbox.resume() };
      },
    },
    {
      title: "refuses a token that it accepted before",
      begin({ mochat, record }) {
        const { token } = mochat;
        mochat.acceptToken("another token");
        return { met: record.take(({ answer }) => answer?.status === 401), end: () => mochat.acceptToken(token) };
      },
    },
    outageOf("holds a poll open and says nothing", { kind: "hang" }, 1),
    outageOf("resets connections", { kind: "reset", at: "before-body" }),
    outageOf("breaks down", { kind: "answer", status: 500, body: "<h1>Internal Server Error</h1>" }),
    outageOf("asks to be polled less", { kind: "answer", status: 429, headers: { "retry-after": "60" } }),
    outageOf("has lost its routes", { kind: "answer", status: 404, body: "not found" }),
    outageOf("has lost its database", { kind: "answer", body: '{"code":500,"msg":"db down"}' }),
  ],
  malformed: [
    answered("an HTML page", { kind: "answer", body: "<!doctype html><title>Sign in</title>" }),
    answered("an empty answer", { kind: "answer" }),
    answered("garbage bytes", { kind: "answer", base64: Buffer.from(Uint8Array.from({ length: 256 }, (_, byte) => byte)).toString("base64") }),
    answered("half an answer", { kind: "truncate" }),
    answered("an answer that is cut off on the wire", { kind: "cut" }),
    answered("a body over the cap", { kind: "pad", bytes: 9 * 1024 * 1024 }),
    answered("compression that nobody asked for", { kind: "gzip" }),
    answered("a scalar", { kind: "answer", body: "42" }),
    answered("a list that is none", { kind: "answer", body: '{"code":0,"data":{"messages":"none"}}' }),
    answered("arrays within arrays", { kind: "answer", body: "[".repeat(100_000) }),
    answered("a redirect to itself", { kind: "answer", status: 302, headers: { location: RECEIVE } }),
    listed("elements that are no objects", [null, 7, "text", ["text"], true]),
    listed("an element without anything", [{}]),
    listed("fields of wrong types", [{ messageId: { $id: 1 }, fromUserId: ["user-1"], msgType: 3, content: { text: { text: "hello" } }, timestamp: "yesterday" }]),
    listed("content that is null", [{ messageId: "null-content", fromUserId: "user-1", msgType: "text", content: null }]),
    listed("an id of a megabyte without text", [{ messageId: "x".repeat(1_000_000), fromUserId: "user-1", content: "" }]),
  ],
};

function platformIn({ mochat, record }: Sandbox): HousePlatform {
  return {
    sections: (pollIntervalMs) => ({
      mochat: { apiUrl: mochat.url, apiToken: mochat.token, allowedUsers: ["*"], pollIntervalMs, receiveTimeoutMs: 1_000 },
    }),
    secrets: [mochat.token],
    connected() {
      const before = record.entries.at(-1)?.seq ?? 0;
      return record.next(({ seq, path, answer }) => seq > before && path === RECEIVE && answer?.status === 200);
    },
    say: (userId, text) => mochat.say(userId, text),
    redeliver: () => mochat.behave(EVERYTHING_AGAIN),
    answers() {
      const byUser = Map.groupBy(mochat.sent, ({ userId }) => userId);
      return new Map([...byUser].map(([userId, sent]) => [userId, sent.map(({ text }) => text)]));
    },
    nextAnswer: async (userId) => (await mochat.nextReply(userId)).text,
    insist: () => undefined, // it keeps everything, and is asked several times a second
    showRepeats: () => mochat.behave({ idempotency: false }),
  };
}

/** Polls fail like this until it is over, or so many times. */
function outageOf(title: string, fault: Fault, times: number | "always" = "always"): Outage {
  return {
    title,
    begin({ faults }) {
      const handle = faults.add({ platform: "mochat", path: RECEIVE, times, fault });
      return { met: handle.struck, end: () => (times === "always" ? handle.release() : undefined) };
    },
  };
}

/** One poll is answered like this. */
function answered(title: string, fault: Fault): Malformed {
  return { title, deliver: ({ faults }) => faults.add({ platform: "mochat", path: RECEIVE, fault }).struck };
}

/** Elements stand among the messages. */
function listed(title: string, elements: readonly unknown[]): Malformed {
  return { title, deliver: ({ mochat }) => elements.forEach((element) => mochat.inject(JSON.stringify(element))) };
}
