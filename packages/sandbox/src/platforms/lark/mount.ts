import { SMILE } from "../picture.ts";
import type { Platform, PlatformContext } from "../platform.ts";
import { createLarkApi, type LarkControl } from "./api.ts";
import { larkControl } from "./control.ts";
import type { LarkCredentials } from "./credentials.ts";
import { larkRoutes } from "./routes.ts";
import { createUpgrade } from "./socket.ts";
import { createLarkState } from "./state.ts";

/** How Lark, or Feishu, starts. */
export interface LarkOptions extends Partial<LarkCredentials> {
  /** Open id of the bot, `ou_…`; default `ou_sandbox_bot`. */
  readonly botOpenId?: string;
  /** Its name; default `Revka`. */
  readonly botName?: string;
}

/** The two regions of the one platform, each with an app of its own. */
const APPS = { lark: "cli_a0b1c2d3e4f50617", feishu: "cli_f0e1d2c3b4a59687" } as const;

/** Sets up the emulator of one region. */
export function mountLark(context: PlatformContext, name: keyof typeof APPS, options: LarkOptions = {}): Platform<LarkControl> {
  const { botOpenId = "ou_sandbox_bot", botName = "Revka", ...credentials } = options;
  const usual = { appId: APPS[name], appSecret: `${name}-sandbox-secret`, verificationToken: `${name}-sandbox-token`, encryptKey: "" };
  const state = createLarkState(context, { ...usual, ...credentials }, { openId: botOpenId, name: botName });
  const api = createLarkApi(state, context.url);
  return {
    name,
    app: larkRoutes(state, context.url),
    control: larkControl(state, api, name),
    api,
    get settings() {
      return { section: name, values: { app_id: state.credentials.appId, app_secret: state.credentials.appSecret, base_url: context.url } };
    },
    scenes: [{ user: "ou_sandbox_1" }, { user: "ou_sandbox_2", group: "oc_sandbox_group" }],
    grows: true,
    picture: { type: "image", bytes: SMILE },
    // One of the two shows the other way to receive.
    ...(name === "feishu" && { webhook: { path: `/${name}`, values: { receive_mode: "webhook", verification_token: state.credentials.verificationToken } } }),
    upgrade: createUpgrade(state, context),
    reset: () => state.reset(),
  };
}
