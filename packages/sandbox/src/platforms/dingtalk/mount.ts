import { SMILE } from "../picture.ts";
import type { Platform, PlatformContext } from "../platform.ts";
import { createDingtalkApi, type DingtalkControl } from "./api.ts";
import { dingtalkControl } from "./control.ts";
import { dingtalkRoutes } from "./routes.ts";
import { createUpgrade } from "./socket.ts";
import { createDingtalkState } from "./state.ts";

/** How DingTalk starts. */
export interface DingtalkOptions {
  /** App key of its one app, which is its robot's code too; default `ding-sandbox-app`. */
  readonly clientId?: string;
  /** Its secret; default `ding-sandbox-secret`. */
  readonly clientSecret?: string;
}

const NAME = "dingtalk";

/** Sets up the DingTalk emulator. */
export function mountDingtalk(
  context: PlatformContext,
  { clientId = "ding-sandbox-app", clientSecret = "ding-sandbox-secret" }: DingtalkOptions = {},
): Platform<DingtalkControl> {
  const state = createDingtalkState(context, { clientId, clientSecret });
  const api = createDingtalkApi(state, context.url);
  return {
    name: NAME,
    app: dingtalkRoutes(state, context.url),
    control: dingtalkControl(state, api),
    api,
    get settings() {
      return { section: NAME, values: { client_id: api.clientId, client_secret: api.clientSecret, base_url: context.url } };
    },
    scenes: [{ user: "staff-1" }, { user: "staff-2", group: "cidSandboxGroup==" }],
    picture: { msgtype: "picture", bytes: SMILE },
    upgrade: createUpgrade(state, context),
    reset: () => state.reset(),
  };
}
