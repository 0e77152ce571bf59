import { Hono, type MiddlewareHandler } from "hono";
import { HTTPException } from "hono/http-exception";
import * as v from "valibot";
import { count, PAGE, readInput, readJson, readQuery } from "./control-input.ts";
import { FAULT_RULE } from "./fault-schema.ts";
import type { FaultSource } from "./faults.ts";
import { longPoll } from "./long-poll.ts";
import { isLoopback } from "./loopback.ts";
import type { Platform } from "./platform.ts";
import type { ExchangeRecord } from "./record.ts";

/** What the control API drives. */
export interface Controlled {
  readonly url: string;
  readonly platforms: readonly Platform[];
  readonly faults: FaultSource;
  readonly record: ExchangeRecord;
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
  app.get("/record", async (c) => {
    const { platform, ...page } = readQuery(c.req.raw, RECORD);
    const matches = (exchange: { readonly platform: string }): boolean => platform === undefined || exchange.platform === platform;
    return c.json(await longPoll(sandbox.record, { ...page, matches }, c.req.raw.signal));
  });
  app.get("/faults", (c) => c.json({ faults: sandbox.faults.rules }));
  app.post("/faults", async (c) => {
    const { id } = sandbox.faults.add(await readJson(c.req.raw, FAULT_RULE));
    return c.json({ id }, 201);
  });
  app.delete("/faults", (c) => {
    sandbox.faults.clear();
    return c.json({});
  });
  app.delete("/faults/:id", (c) => {
    const { id } = readInput(v.object({ id: count() }), c.req.param());
    return sandbox.faults.release(id) ? c.json({}) : c.json({ error: `no fault has the id ${id}` }, 404);
  });
  app.post("/reset", (c) => {
    sandbox.reset();
    return c.json({});
  });
  for (const platform of sandbox.platforms) app.route(`/${platform.name}`, platform.control);
  return app;
}

/** What a method throws when it is called with something impossible, or when there is no room. */
function statusOf(error: Error): 400 | 409 | 500 {
  if (error instanceof SyntaxError) return 400;
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
    platforms: platforms.map(({ name, settings }) => ({ name, url: `${url}/${name}`, settings })),
    routes: [...new Set(routes)],
  };
}
