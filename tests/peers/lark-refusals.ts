import type { Refusal, SendFaults } from "../house/peer.ts";

/** How Lark and Feishu do not take an answer for now. */
export const REFUSALS: SendFaults = {
  path: "/open-apis/im/v1/messages/*",
  refusals: [
    refusedWith("takes no more messages into this chat for now", 230020),
    { ...refusedWith("is called too often by the app", 99991400, { status: 429, headers: { "x-ogw-ratelimit-reset": "30" } }), retryAfterMs: 30_000 },
    refusedWith("is called too often in the words of old", 11232),
    refusedWith("is at sending it already", 230049),
    refusedWith("has stopped writing for a moment", 232096),
    refusedWith("has an internal error", 2200, { status: 500 }),
    { title: "asks for patience with a status", fault: { kind: "answer", status: 429 } },
    { title: "is out of service", fault: { kind: "answer", status: 503 } },
    { title: "is behind a gateway that does not reach it", fault: { kind: "answer", status: 502, body: "<h1>Bad Gateway</h1>" } },
    { title: "is behind a gateway that does not wait for it", fault: { kind: "answer", status: 504 } },
    { title: "resets connections", fault: { kind: "reset" } },
  ],
};

interface Details {
  /** @default 400 */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Sends end with this code. */
function refusedWith(title: string, code: number, { status = 400, headers = {} }: Details = {}): Refusal {
  return { title, fault: { kind: "answer", status, headers, body: JSON.stringify({ code, msg: "not now" }) } };
}
