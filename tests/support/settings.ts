import { DEFAULT_SETTINGS, type Settings } from "@revka/gateway";

type Overrides = { readonly [K in keyof Settings]?: Partial<Settings[K]> };

/** The settings of an empty file, but with room for floods and an echo that was asked for; `overrides` go on top. */
export function testSettings(overrides: Overrides = {}): Settings {
  const { dispatch, agent, log, state, proxy } = DEFAULT_SETTINGS;
  return {
    dispatch: { ...dispatch, queueCap: 1_000, queueTotal: 10_000, senderLimitPerMinute: 0, ...overrides.dispatch },
    agent: { ...agent, isConfigured: true, ...overrides.agent },
    log: { ...log, ...overrides.log },
    state: { ...state, ...overrides.state },
    proxy: { ...proxy, ...overrides.proxy },
  };
}
