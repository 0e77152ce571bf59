import { DEFAULT_SETTINGS, type Settings } from "@revka/gateway";

type Overrides = { readonly [K in Exclude<keyof Settings, "channels">]?: Partial<Settings[K]> };

/** The settings of an empty file, but with room for floods and an echo that was asked for; `overrides` go on top. */
export function testSettings(overrides: Overrides = {}): Settings {
  const { dispatch, multimodal, media, agent, log, state, proxy, channels } = DEFAULT_SETTINGS;
  return {
    multimodal: { ...multimodal, ...overrides.multimodal },
    media: { ...media, ...overrides.media },
    dispatch: { ...dispatch, queueCap: 1_000, queueTotal: 10_000, senderLimitPerMinute: 0, ...overrides.dispatch },
    agent: { ...agent, isConfigured: true, ...overrides.agent },
    log: { ...log, ...overrides.log },
    state: { ...state, ...overrides.state },
    proxy: { ...proxy, ...overrides.proxy },
    channels,
  };
}
