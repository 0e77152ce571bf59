import { type Context, Hono, type MiddlewareHandler } from "hono";
import { aborted } from "../../server/aborted.ts";
import type { MochatState } from "./state.ts";
import { parseSend, renderPage } from "./wire.ts";

/** The three endpoints of the Mochat contract. */
export function mochatRoutes(state: MochatState, url: string): Hono {
  const app = new Hono();
  const authorised: MiddlewareHandler = async (c, next) => {
    if (state.hasToken(c.req.header("authorization") ?? "")) {
      await next();
      return undefined;
    }
    return c.json({ code: state.behaviour.authRefusal === 403 ? 403 : 401, msg: "unauthorized" }, state.behaviour.authRefusal);
  };

  app.get("/api/message/receive", authorised, (c) => {
    const sinceId = c.req.query("since_id");
    const page = state.page(sinceId === "" ? undefined : sinceId);
    if (typeof page === "number") return Response.json({ code: page, msg: "unknown since_id" }, { status: page });
    const body = renderPage(page, state.behaviour);
    return body === null ? c.body(null, 204) : c.body(body, 200, JSON_TYPE);
  });

  app.post("/api/message/send", authorised, async (c) => {
    const request = parseSend(await c.req.text());
    if ("refusal" in request) return c.json({ code: 40001, msg: request.refusal });
    return c.body(state.send(request, { ...c.req.header() }), 200, JSON_TYPE);
  });

  app.get("/api/health", authorised, (c) => health(c, state.behaviour.health, url));

  for (const path of ["/api/message/receive", "/api/message/send", "/api/health"]) {
    app.all(path, (c) => c.json({ code: 405, msg: "method not allowed" }, 405));
  }
  app.notFound((c) => c.json({ code: 404, msg: "not found" }, 404));
  return app;
}

const JSON_TYPE = { "content-type": "application/json" };

async function health(c: Context, behaviour: MochatState["behaviour"]["health"], url: string): Promise<Response> {
  switch (behaviour) {
    case "redirect":
      return c.redirect(`${url}/healthy`);
    case "hang":
      await aborted(c.req.raw.signal);
      return c.body(null);
    case 204:
      return c.body(null, 204);
    case 200:
      return c.json({ status: "ok" });
    case 401:
    case 503:
      return c.json({ status: "unavailable" }, behaviour);
  }
}
