import { request as startRequest, STATUS_CODES, type IncomingMessage } from "node:http";
import type { SecureContext } from "node:tls";
import { onceAborted } from "../dialling/deadline.ts";
import { isChannelError, TransientError, UnknownOutcomeError } from "../contract/errors.ts";
import { isSafe, type Answer, type Exchange } from "./exchange.ts";
import { faultOf } from "../dialling/fault.ts";
import { maskProxy } from "../dialling/proxy.ts";
import { RoutedAgent, type RoutedOptions } from "./http-agent.ts";
import { readBody } from "./http-body.ts";
import { RemoteUrlRefusal } from "./remote-url.ts";
import { createSlots } from "./slots.ts";

/** Carries requests over pooled connections. */
export interface Transport {
  /**
   * Sends one request and reads its answer whole. Any status is an answer; redirects are not followed.
   * @param signal - bounds everything; its reason counts as the fault.
   * @throws TransientError when nothing was written, or for GET and HEAD whatever happened.
   * @throws UnknownOutcomeError when any other request was written and its answer did not arrive whole.
   * @throws PayloadTooLargeError when the answer to a GET or HEAD is over the cap.
   */
  exchange(call: Exchange, signal: AbortSignal): Promise<Answer>;
}

/** How a transport is made. */
export interface TransportOptions {
  /** The instance that errors name. */
  readonly channel: string;
  readonly secureContext?: SecureContext | undefined;
}

const MAX_SOCKETS = 16;
const MAX_WAITING = 1_024;

/** A transport with at most 16 requests on the wire; 1,024 more may wait. */
export function createTransport(options: TransportOptions): Transport {
  const { channel, secureContext } = options;
  const agent = new RoutedAgent();
  const slots = createSlots(MAX_SOCKETS, MAX_WAITING);
  return {
    async exchange(call, signal) {
      const progress = { isWritten: false };
      try {
        const release = await slots.take(signal);
        try {
          signal.throwIfAborted();
          return await perform(call, { agent, signal, progress, secureContext });
        } finally {
          release();
        }
      } catch (error) {
        if (isFinal(error, call)) throw error;
        throw failureOf(call, { channel, isWritten: progress.isWritten, cause: signal.aborted ? signal.reason : error });
      }
    },
  };
}

/** Trying again would not help. An answer that is too large says so only where nothing was done at the other end. */
function isFinal(error: unknown, { method }: Exchange): boolean {
  return error instanceof RemoteUrlRefusal || (isSafe(method) && isChannelError(error) && error.code === "too-large");
}

interface Means {
  readonly agent: RoutedAgent;
  readonly signal: AbortSignal;
  readonly secureContext?: SecureContext | undefined;
  readonly progress: { isWritten: boolean };
}

function perform(call: Exchange, means: Means): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = startRequest(requestOptions(call, means));
    const forget = onceAborted(means.signal, () => fail(means.signal.reason as Error));
    request.once("socket", () => {
      means.progress.isWritten = true;
    });
    request.once("close", onClose);
    request.once("response", (response) => {
      request.off("close", onClose);
      readAnswer(response, call).then((answer) => {
        forget();
        resolve(answer);
      }, fail);
    });
    request.on("error", fail);
    request.end(call.body);

    function onClose(): void {
      fail(new TransientError("the connection was closed"));
    }

    function fail(error: Error): void {
      forget();
      reject(error);
      request.destroy();
    }
  });
}

function requestOptions(call: Exchange, { agent, signal, secureContext }: Means): RoutedOptions {
  const { method, url, proxy, headers, body, lookup } = call;
  return {
    agent,
    method,
    host: url.host,
    path: `${url.pathname}${url.search}`,
    headers: { ...headers, host: url.host, ...(body && { "content-length": body.byteLength }) },
    route: {
      url,
      proxy,
      signal,
      poolKey: `${url.origin} ${proxy === "direct" ? proxy : proxy.href}${lookup === undefined ? "" : " pinned"}`,
      lookup,
      secureContext,
    },
  };
}

async function readAnswer(response: IncomingMessage, call: Exchange): Promise<Answer> {
  const status = response.statusCode ?? 0;
  if (status < 200 || status > 599) throw new TransientError(`status ${status} is none`);
  const hasBody = call.method !== "HEAD" && status !== 204 && status !== 304;
  const bytes = hasBody ? await readBody(response, call.maxBodyBytes) : new Uint8Array(0);
  response.resume();
  const headers = new Headers();
  for (const [name, values = []] of Object.entries(response.headersDistinct)) {
    for (const value of values) headers.append(name, value);
  }
  return { status, statusText: reasonOf(response, status), headers, bytes };
}

function reasonOf({ statusMessage = "" }: IncomingMessage, status: number): string {
  return statusMessage === "" ? STATUS_CODES[status] ?? "" : statusMessage;
}

function failureOf(call: Exchange, { channel, isWritten, cause }: { channel: string; isWritten: boolean; cause: unknown }): Error {
  const where = `${call.method} ${call.url.origin}${call.url.pathname}`;
  const fault = isChannelError(cause) ? cause.message : faultOf(cause);
  if (!isWritten) return new TransientError(`${where} was not sent${viaOf(call, cause)}: ${fault}`, { channel, cause });
  if (isSafe(call.method)) return new TransientError(`${where} got no answer: ${fault}`, { channel, cause });
  return new UnknownOutcomeError(`${where} was sent, but its answer is lost: ${fault}`, { channel, cause });
}

/** The proxy that nothing came of; one that says so itself has told its name. */
function viaOf({ proxy }: Exchange, cause: unknown): string {
  return proxy === "direct" || isChannelError(cause) ? "" : ` through proxy ${maskProxy(proxy)}`;
}
