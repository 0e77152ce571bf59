import type { Settings } from "@revka/gateway";

type Overrides = { readonly [K in keyof Settings]?: Partial<Settings[K]> };

/** The settings of an empty file, but without the limits on how much one sender may write; `overrides` go on top. */
export function testSettings(overrides: Overrides = {}): Settings {
  return {
    dispatch: {
      idleTimeoutMs: 300_000,
      turnTimeoutMs: 1_200_000,
      queueCap: 1_000,
      queueTotal: 10_000,
      maxInFlight: undefined,
      senderLimitPerMinute: 0,
      conversationScope: "sender",
      interruptedTurns: "retry",
      replayMaxAgeMs: 86_400_000,
      maxMessageAgeMs: 0,
      errorReplies: true,
      drainTimeoutMs: 25_000,
      ...overrides.dispatch,
    },
    agent: { kind: "echo", delayMs: 0, isConfigured: true, ...overrides.agent },
    log: { level: "info", format: "json", ...overrides.log },
    state: { synchronous: "normal", ...overrides.state },
    proxy: { enabled: false, httpProxy: undefined, httpsProxy: undefined, allProxy: undefined, noProxy: [], scope: "revka", services: [], ...overrides.proxy },
  };
}
