import type { IncomingMessage, ServerResponse } from "node:http";
import { damage, half, instead, obstruct } from "../faults/damage.ts";
import type { FaultSource, Strike } from "../faults/faults.ts";
import { type Answer, answerOf, headOf, jsonAnswer, readBody, type RequestHead, writeAnswer } from "./http-message.ts";
import type { ExchangeScribe, Recorder } from "../record/record.ts";

/** Answers web requests; `request.url` holds only the path below the prefix. */
export type Fetch = (request: Request) => Response | Promise<Response>;

/** What stands behind the sandbox's port. */
export interface Backends {
  /** By the first segment of the path. */
  readonly platforms: ReadonlyMap<string, Fetch>;
  /** Everything below `/control`: neither recorded nor subject to faults. */
  readonly control: Fetch;
  readonly faults: FaultSource;
  readonly record: Recorder;
}

/** A request target, split at the prefix. */
export interface Location {
  /** The first segment. */
  readonly prefix: string;
  /** The rest, beginning with a slash. */
  readonly path: string;
  readonly query: string;
}

interface Connection {
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
  /** Aborts when the client leaves or the sandbox closes. */
  readonly gone: AbortSignal;
}

/** Splits a request target such as `/mochat/api/health?x=1`; an absolute one, as sent to a proxy, is read the same way. */
export function locate(target: string): Location {
  const [, prefix = "", path = "", query = ""] = /^(?:https?:\/\/[^/?#]*)?\/?([^/?#]*)([^?#]*)(\?[^#]*)?/.exec(target) ?? [];
  return { prefix, path: path === "" ? "/" : path, query };
}

/** The listener for a node:http server: faults around a record around the platforms. */
export function createListener(backends: Backends): (incoming: IncomingMessage, outgoing: ServerResponse) => void {
  return (incoming, outgoing) => {
    const gone = new AbortController();
    outgoing.on("close", () => gone.abort());
    const connection = { incoming, outgoing, gone: gone.signal };
    // A client that leaves while its body is read rejects here: there is nobody left to tell.
    serve(backends, connection).catch(() => reset(incoming));
  };
}

async function serve(backends: Backends, connection: Connection): Promise<void> {
  const head = headOf(connection.incoming);
  const location = locate(head.target);
  if (location.prefix === "control") {
    writeAnswer(connection.outgoing, await work(backends.control, { head, location, body: await readBody(connection.incoming), gone: connection.gone }));
    return;
  }
  const platform = backends.platforms.has(location.prefix) ? location.prefix : "";
  const path = platform === "" ? `/${location.prefix}${location.path}` : location.path;
  const strike = backends.faults.take({ platform, method: head.method, path });
  const scribe = backends.record.open({
    head, platform, path, query: location.query, ...(strike === undefined ? {} : { fault: strike.fault.kind }),
  });
  try {
    await exchange({ fetch: backends.platforms.get(platform) ?? notFound, head, location, strike, scribe }, connection);
  } finally {
    scribe.dropped();
  }
}

interface Exchange {
  readonly fetch: Fetch;
  readonly head: RequestHead;
  readonly location: Location;
  readonly strike: Strike | undefined;
  readonly scribe: ExchangeScribe;
}

async function exchange({ strike, scribe, ...request }: Exchange, { incoming, outgoing, gone }: Connection): Promise<void> {
  const fault = strike?.fault;
  if (!(await obstruct(strike, "before-body", gone))) {
    scribe.received();
    reset(incoming);
    return;
  }
  const body = await readBody(incoming);
  scribe.received(body);
  const goesOn = await obstruct(strike, "before-work", gone);
  const answer = goesOn ? damage(fault, instead(fault) ?? (await work(request.fetch, { ...request, body, gone }))) : undefined;
  if (answer === undefined || gone.aborted || !(await obstruct(strike, "after-work", gone))) {
    reset(incoming);
    return;
  }
  strike?.landed();
  if (fault?.kind === "cut") {
    scribe.dropped(answer);
    writeAnswer(outgoing, answer, half(answer));
  } else {
    scribe.answered(answer);
    writeAnswer(outgoing, answer);
  }
}

interface Work {
  readonly head: RequestHead;
  readonly location: Location;
  readonly body: Buffer<ArrayBuffer> | undefined;
  readonly gone: AbortSignal;
}

async function work(fetch: Fetch, { head, location, body, gone }: Work): Promise<Answer> {
  if (body === undefined) return jsonAnswer(413, { error: "the request body is too large" });
  const carriesBody = head.method !== "GET" && head.method !== "HEAD";
  try {
    const request = new Request(`http://sandbox${location.path}${location.query}`, {
      method: head.method,
      headers: head.headers,
      body: carriesBody ? body : null,
      signal: gone,
    });
    return await answerOf(await fetch(request));
  } catch (error) {
    return jsonAnswer(500, { error: String(error) });
  }
}

function notFound(): Response {
  return Response.json({ error: "no platform has this path: see /control/" }, { status: 404 });
}

function reset(incoming: IncomingMessage): void {
  incoming.socket.resetAndDestroy();
}
