import type { GatewayEvent, GatewayObserver, GatewayStep } from "@revka/gateway";

/** What happened in a gateway, and in those after it. */
export interface Steps {
  readonly observe: GatewayObserver;
  /** The messages that took this step, in order. */
  idsAt(step: GatewayStep): readonly string[];
  /** Resolves as soon as the steps so far meet the demand. */
  until(isMet: () => boolean): Promise<void>;
}

/** Remembers every step. */
export function createSteps(): Steps {
  const events: GatewayEvent[] = [];
  const waiting = new Set<() => void>();
  return {
    observe(event) {
      events.push(event);
      for (const check of waiting) check();
    },
    idsAt: (step) => events.filter((event) => event.step === step).map(({ messageId }) => messageId),
    until: (isMet) =>
      new Promise((resolve) => {
        const check = (): void => {
          if (!isMet()) return;
          waiting.delete(check);
          resolve();
        };
        waiting.add(check);
        check();
      }),
  };
}
