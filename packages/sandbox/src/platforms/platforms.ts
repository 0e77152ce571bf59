import type { Platform, PlatformContext } from "./platform.ts";
import { type DingtalkControl } from "./dingtalk/api.ts";
import { type DingtalkOptions, mountDingtalk } from "./dingtalk/mount.ts";
import type { LarkControl } from "./lark/api.ts";
import { type LarkOptions, mountLark } from "./lark/mount.ts";
import { type MochatControl, type MochatOptions, mountMochat } from "./mochat/mount.ts";
import { type QqControl } from "./qq/api.ts";
import { mountQq, type QqOptions } from "./qq/mount.ts";
import { mountWecom, type WecomControl, type WecomOptions } from "./wecom/mount.ts";

/** How each platform starts. */
export interface PlatformOptions {
  readonly dingtalk?: DingtalkOptions;
  readonly feishu?: LarkOptions;
  readonly lark?: LarkOptions;
  readonly mochat?: MochatOptions;
  readonly qq?: QqOptions;
  readonly wecom?: WecomOptions;
}

/** What each platform is driven by. */
export interface PlatformControls {
  readonly dingtalk: DingtalkControl;
  readonly feishu: LarkControl;
  readonly lark: LarkControl;
  readonly mochat: MochatControl;
  readonly qq: QqControl;
  readonly wecom: WecomControl;
}

/** Name of a platform that the sandbox emulates. */
export type PlatformName = keyof PlatformControls;

/** Every platform, set up. */
export type Platforms = { readonly [Name in PlatformName]: Platform<PlatformControls[Name]> };

/** Sets up every platform. */
export function mountPlatforms(contextFor: (name: PlatformName) => PlatformContext, options: PlatformOptions): Platforms {
  return {
    dingtalk: mountDingtalk(contextFor("dingtalk"), options.dingtalk),
    feishu: mountLark(contextFor("feishu"), "feishu", options.feishu),
    lark: mountLark(contextFor("lark"), "lark", options.lark),
    mochat: mountMochat(contextFor("mochat"), options.mochat),
    qq: mountQq(contextFor("qq"), options.qq),
    wecom: mountWecom(contextFor("wecom"), options.wecom),
  };
}
