import { Hono, type MiddlewareHandler } from "hono";
import { HTTPException } from "hono/http-exception";
import * as v from "valibot";
import { count, PAGE, readInput, readJson, readQuery } from "./control-input.ts";
import { FAULT_RULE, FRAME_RULE } from "../faults/fault-schema.ts";
import type { FaultSource } from "../faults/faults.ts";
import type { FrameFaultSource } from "../faults/frame-faults.ts";
import type { FrameRecord } from "../record/frame-record.ts";
import { type Batch, longPoll, type Pollable } from "./long-poll.ts";
import { isLoopback } from "../server/loopback.ts";
import type { Platform } from "../platforms/platform.ts";
import type { ExchangeRecord } from "../record/record.ts";
import type { Rule, RuleSource } from "../faults/rules.ts";

/** What the control API drives. */
export interface Controlled {
  readonly url: string;
  readonly platforms: readonly Platform[];
  readonly faults: FaultSource;
  readonly frameFaults: FrameFaultSource;
  readonly record: ExchangeRecord;
  readonly frames: FrameRecord;
  reset(): void;
}

const RECORD = v.strictObject({ platform: v.optional(v.string()), ...PAGE });

/** The control API: what tests in this process have as methods, as JSON for other processes and people. */
export function createControl(sandbox: Controlled): Hono {
  const app = new Hono();
  app.use(onlyLoopback);
  app.onError((error, c) => (error instanceof HTTPException ? error.getResponse() : c.json({ error: error.message }, statusOf(error))));
  app.notFound((c) => c.json({ error: "no such control path: GET /control/ lists them" }, 404));

  app.get("/", (c) => c.json(describe(sandbox, app)));
  app.get("/record", async (c) => c.json(await listRecord(sandbox.record, c.req.raw)));
  app.get("/frames", async (c) => c.json(await listRecord(sandbox.frames, c.req.raw)));
  app.route("/faults", faultControl(sandbox.faults, FAULT_RULE));
  app.route("/frame-faults", faultControl(sandbox.frameFaults, FRAME_RULE));
  app.post("/reset", (c) => {
    sandbox.reset();
    return c.json({});
  });
  for (const platform of sandbox.platforms) app.route(`/${platform.name}`, platform.control);
  return app;
}

function listRecord<T extends { readonly seq: number; readonly platform: string }>(record: Pollable<T>, request: Request): Promise<Batch<T>> {
  const { platform, ...page } = readQuery(request, RECORD);
  return longPoll(record, { ...page, matches: (entry) => platform === undefined || entry.platform === platform }, request.signal);
}

/** Lists, adds and releases rules of one kind. */
function faultControl<R extends Rule<unknown>>(rules: RuleSource<R, never>, schema: v.GenericSchema<unknown, R>): Hono {
  const app = new Hono();
  app.get("/", (c) => c.json({ faults: rules.rules }));
  app.post("/", async (c) => {
    const { id } = rules.add(await readJson(c.req.raw, schema));
    return c.json({ id }, 201);
  });
  app.delete("/", (c) => {
    rules.clear();
    return c.json({});
  });
  app.delete("/:id", (c) => {
    const { id } = readInput(v.object({ id: count() }), c.req.param());
    return rules.release(id) ? c.json({}) : c.json({ error: `no fault has the id ${id}` }, 404);
  });
  return app;
}

/** What a method throws when it is called with something impossible, or when there is no room. */
function statusOf(error: Error): 400 | 409 | 500 {
  if (error instanceof SyntaxError || error instanceof TypeError) return 400;
  return error instanceof RangeError ? 409 : 500;
}

/** A page in a browser may reach loopback by a name of its own (DNS rebinding) or by a form: neither may drive the sandbox. */
const onlyLoopback: MiddlewareHandler = async (c, next) => {
  const origin = c.req.header("origin");
  if (!isLoopback(c.req.header("host") ?? "") || (origin !== undefined && !isLoopback(origin))) {
    return c.json({ error: "the control API answers only to loopback names such as 127.0.0.1 and localhost" }, 403);
  }
  await next();
  return undefined;
};

function describe({ url, platforms }: Controlled, app: Hono): object {
  const routes = app.routes.filter(({ method }) => method !== "ALL").map(({ method, path }) => `${method} /control${path}`);
  return {
    name: "revka sandbox",
    url,
    platforms: platforms.map(({ name, settings, scenes, picture, grows, webhook }) => ({ name, url: `${url}/${name}`, settings, scenes, ...(picture !== undefined && { picture: { content: picture } }), ...(grows && { grows }), ...(webhook !== undefined && { webhook }) })),
    routes: [...new Set(routes)],
  };
}
