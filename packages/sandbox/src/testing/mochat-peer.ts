import type { Sandbox } from "../sandbox.ts";

/** A Mochat client of a few lines, written from the contract: status and parsed body of each call. */
export interface MochatPeer {
  poll(sinceId?: string): Promise<PeerAnswer>;
  send(body: unknown, headers?: Readonly<Record<string, string>>): Promise<PeerAnswer>;
  health(init?: RequestInit): Promise<Response>;
}

/** What came back. */
export interface PeerAnswer {
  readonly status: number;
  /** As it was written. */
  readonly text: string;
  /** Parsed; `undefined` when it is not JSON. */
  readonly json: unknown;
}

/** Creates a client with this token; default the one that the sandbox accepts now. */
export function createMochatPeer({ mochat }: Sandbox, token: string = mochat.token): MochatPeer {
  const headers = { authorization: `Bearer ${token}` };
  return {
    poll: async (sinceId) => {
      const query = sinceId === undefined ? "" : `?since_id=${encodeURIComponent(sinceId)}`;
      return read(await fetch(`${mochat.url}/api/message/receive${query}`, { headers }));
    },
    send: async (body, extra = {}) => {
      const text = typeof body === "string" ? body : JSON.stringify(body);
      return read(await fetch(`${mochat.url}/api/message/send`, { method: "POST", headers: { ...headers, ...extra }, body: text }));
    },
    health: (init = {}) => fetch(`${mochat.url}/api/health`, { redirect: "manual", ...init, headers }),
  };
}

/** The body of a send that is as it must be. */
export function textTo(toUserId: string, text: string): object {
  return { toUserId, msgType: "text", content: { text } };
}

async function read(response: Response): Promise<PeerAnswer> {
  const text = await response.text();
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    json = undefined;
  }
  return { status: response.status, text, json };
}
