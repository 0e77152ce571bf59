import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { createContext, createMemoryStore, type ChannelContext } from "@revka/core";
import { createManualClock, recordingLogger, type ManualClock, type RecordingLogger } from "@revka/core/testing";
import { createLarkApi, type LarkApi } from "./api.ts";
import { withDefaults, type LarkSettings } from "./config.ts";
import { createDeliver, type Deliver } from "./deliver.ts";

/** One call as the platform saw it. */
export interface SeenCall {
  /** `"POST im/v1/messages"`. */
  readonly route: string;
  readonly query: URLSearchParams;
  readonly authorization: string | undefined;
  /** The parsed body, where it is JSON. */
  readonly json: Readonly<Record<string, unknown>>;
  readonly body: Buffer;
}

/** An answer: code 0 and status 200 unless it says otherwise. */
export interface TestAnswer {
  readonly code?: number;
  readonly msg?: string;
  /** Default: 400 with a code, else 200. */
  readonly status?: number;
  readonly data?: unknown;
  /** Instead of JSON. */
  readonly bytes?: Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
  /** The call is performed, but its answer is lost. */
  readonly isReset?: boolean;
}

/** The REST side of the platform on loopback, which answers as it is told, and what calls it. */
export interface RestPeer extends AsyncDisposable {
  readonly calls: readonly SeenCall[];
  readonly settings: LarkSettings;
  readonly context: ChannelContext;
  readonly clock: ManualClock;
  readonly logger: RecordingLogger;
  readonly api: LarkApi;
  readonly deliver: Deliver;
  /** The next answers to calls whose route matches, before their ordinary one. */
  answer(route: RegExp, ...answers: readonly TestAnswer[]): void;
  /** The calls of a route, without the token's. */
  made(route: RegExp): readonly SeenCall[];
  /** Another context over the same store, as after a restart. */
  restarted(): ChannelContext;
  /** Moves time on as often as somebody waits for it, until `work` is done. */
  hurry<T>(work: Promise<T>): Promise<T>;
}

const TOKEN_ROUTE = "POST auth/v3/tenant_access_token/internal";

function ordinaryAnswer(route: string, count: number): TestAnswer {
  if (/messages(?:\/[^/]+\/reply)?$/.test(route)) return { data: { message_id: `om_out${count}` } };
  if (route.endsWith("/reactions")) return { data: { reaction_id: `r-${count}` } };
  if (route === "POST cardkit/v1/cards") return { data: { card_id: `card-${count}` } };
  if (route === "POST im/v1/images") return { data: { image_key: "img_v3_up" } };
  if (route === "POST im/v1/files") return { data: { file_key: "file_v3_up" } };
  return { data: {} };
}

function jsonOf(request: IncomingMessage, body: Buffer): Readonly<Record<string, unknown>> {
  const isJson = request.headers["content-type"]?.startsWith("application/json") === true;
  return isJson ? (JSON.parse(body.toString()) as Record<string, unknown>) : {};
}

function writeAnswer({ code = 0, msg = "", status, data, bytes, headers, isReset }: TestAnswer, response: ServerResponse): void {
  if (isReset === true) {
    response.destroy();
    return;
  }
  response.writeHead(status ?? (code === 0 ? 200 : 400), { ...(bytes === undefined && { "content-type": "application/json" }), ...headers });
  response.end(bytes ?? JSON.stringify({ code, msg, data }));
}

async function hurry<T>(clock: ManualClock, work: Promise<T>): Promise<T> {
  const over = work.then(
    () => true,
    () => true,
  );
  for (let isOver = false; !isOver; ) {
    isOver = await Promise.race([over, clock.untilPending(1).then(() => false)]);
    if (!isOver) await clock.advance(1_000);
  }
  return work;
}

/** Starts one. */
export async function startRestPeer(): Promise<RestPeer> {
  const calls: SeenCall[] = [];
  const scripts: { readonly route: RegExp; readonly answers: TestAnswer[] }[] = [];
  const connections = new Set<Socket>();

  function answerTo(route: string): TestAnswer {
    const script = scripts.find((one) => one.answers.length > 0 && one.route.test(route));
    const scripted = script?.answers.shift() ?? {};
    return scripted.code === undefined ? { ...ordinaryAnswer(route, calls.length), ...scripted } : scripted;
  }
  const server = createServer((request, response) => {
    void request.toArray().then((chunks: Buffer[]) => {
      const { pathname, searchParams: query } = new URL(request.url ?? "", "http://host");
      const route = `${request.method ?? ""} ${pathname.replace("/open-apis/", "")}`;
      const body = Buffer.concat(chunks);
      if (route === TOKEN_ROUTE) {
        response.end(JSON.stringify({ code: 0, msg: "ok", tenant_access_token: "t-token", expire: 7200 }));
        return;
      }
      calls.push({ route, query, authorization: request.headers.authorization, body, json: jsonOf(request, body) });
      writeAnswer(answerTo(route), response);
    });
  });
  server.on("connection", (socket: Socket) => {
    connections.add(socket);
    socket.once("close", () => connections.delete(socket));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");

  const clock = createManualClock();
  const logger = recordingLogger();
  const store = createMemoryStore({ clock });
  const restarted = (): ChannelContext => createContext("lark", { clock, logger, store, random: () => 0 });
  const context = restarted();
  const settings = withDefaults({ appId: "cli_a0b1c2d3e4f50617", appSecret: "s3cret", baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
  const api = createLarkApi(settings, context);
  return {
    calls,
    settings,
    context,
    clock,
    logger,
    api,
    deliver: createDeliver({ context, api }),
    answer: (route, ...answers) => void scripts.push({ route, answers: [...answers] }),
    made: (route) => calls.filter((call) => route.test(call.route)),
    restarted,
    hurry: (work) => hurry(clock, work),
    async [Symbol.asyncDispose]() {
      server.close();
      for (const connection of connections) connection.destroy();
      if (server.listening) await once(server, "close");
    },
  };
}

/** What a card in a call shows. */
export function markdownOf({ json }: SeenCall): string {
  const card = JSON.parse(String(json["content"])) as { readonly body: { readonly elements: readonly { readonly content: string }[] } };
  return card.body.elements.map(({ content }) => content).join("");
}
