import { SMILE } from "../picture.ts";
import type { Platform, PlatformContext, Speaker } from "../platform.ts";
import { createQqApi, type QqControl } from "./api.ts";
import { qqControl } from "./control.ts";
import { qqRoutes } from "./routes.ts";
import { createUpgrade } from "./socket.ts";
import { createQqState } from "./state.ts";

/** How QQ starts. */
export interface QqOptions {
  /** App ID of its one bot; default `102000001`. */
  readonly appId?: string;
  /** Its secret; default `qq-sandbox-secret`. */
  readonly appSecret?: string;
}

const NAME = "qq";
const BOT_ID = "6158788878435714165";
const SCENES: readonly Speaker[] = [{ user: "USER_1" }, { user: "USER_2", group: "GROUP_1" }];

/** Sets up the QQ emulator. */
export function mountQq(context: PlatformContext, { appId = "102000001", appSecret = "qq-sandbox-secret" }: QqOptions = {}): Platform<QqControl> {
  const known = SCENES.map(({ user, group }) => (group === undefined ? { user } : { user: "", group }));
  const state = createQqState(context, { appId, appSecret, botId: BOT_ID }, known);
  const api = createQqApi(state, context.url);
  return {
    name: NAME,
    app: qqRoutes(state, context.url),
    control: qqControl(state, api),
    api,
    get settings() {
      return { section: NAME, values: { app_id: api.appId, app_secret: api.appSecret, base_url: context.url } };
    },
    scenes: SCENES,
    picture: { attachments: [{ kind: "image", bytes: SMILE }] },
    upgrade: createUpgrade(state, context),
    reset: () => state.reset(),
  };
}
