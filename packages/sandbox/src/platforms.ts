import type { Platform, PlatformContext } from "./platform.ts";
import { type MochatControl, type MochatOptions, mountMochat } from "./platforms/mochat/mount.ts";
import { mountWecom, type WecomControl, type WecomOptions } from "./platforms/wecom/mount.ts";

/** How each platform starts. */
export interface PlatformOptions {
  readonly mochat?: MochatOptions;
  readonly wecom?: WecomOptions;
}

/** What each platform is driven by. */
export interface PlatformControls {
  readonly mochat: MochatControl;
  readonly wecom: WecomControl;
}

/** Name of a platform that the sandbox emulates. */
export type PlatformName = keyof PlatformControls;

/** Every platform, set up. */
export type Platforms = { readonly [Name in PlatformName]: Platform<PlatformControls[Name]> };

/** Sets up every platform. */
export function mountPlatforms(contextFor: (name: PlatformName) => PlatformContext, options: PlatformOptions): Platforms {
  return {
    mochat: mountMochat(contextFor("mochat"), options.mochat),
    wecom: mountWecom(contextFor("wecom"), options.wecom),
  };
}
