import type { Answer } from "../../server/http-message.ts";
import { CONNECTION_LIMIT, SOCKET_PATH } from "./discovery.ts";
import type { Handshake } from "../platform.ts";
import type { LarkState } from "./state.ts";
import type { LarkTicket } from "./tickets.ts";

/** A "no" to a handshake, told in headers. */
export interface LarkHandshakeRefusal {
  /** `Handshake-Status`: 403 is final, 514 depends on `authErrCode`. */
  readonly handshakeStatus: number;
  /** `Handshake-Msg` */
  readonly message?: string;
  /** `Handshake-Autherrcode`: 1000040350 are too many connections; another one may pass. */
  readonly authErrCode?: number;
  /** HTTP status; default 403, which is ours: no document says. */
  readonly httpStatus?: number;
}

const BAD_TICKET: LarkHandshakeRefusal = { handshakeStatus: 514, message: "ticket is invalid", authErrCode: 1_000_040_346 };
const TOO_MANY: LarkHandshakeRefusal = { handshakeStatus: 514, message: "the number of connections exceeded the limit", authErrCode: CONNECTION_LIMIT };

/** Decides about a handshake: what its URL says, or the answer to refuse it with. */
export function admit(state: LarkState, { path, query }: Pick<Handshake, "path" | "query">): LarkTicket | Answer {
  if (path !== SOCKET_PATH) return { status: 404, headers: {}, body: new Uint8Array() };
  const forced = state.handshakes.shift();
  if (forced !== undefined) return answerOf(forced);
  if (state.connections.size >= state.behaviour.connectionCount) return answerOf(TOO_MANY);
  return state.tickets.redeem(new URLSearchParams(query).get("ticket") ?? "") ?? answerOf(BAD_TICKET);
}

function answerOf({ handshakeStatus, message, authErrCode, httpStatus = 403 }: LarkHandshakeRefusal): Answer {
  return {
    status: httpStatus,
    headers: {
      "Handshake-Status": String(handshakeStatus),
      ...(message === undefined ? {} : { "Handshake-Msg": message }),
      ...(authErrCode === undefined ? {} : { "Handshake-Autherrcode": String(authErrCode) }),
    },
    body: new Uint8Array(),
  };
}
