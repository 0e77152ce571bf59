import type { Agent } from "@revka/gateway";

/** An agent that echoes, but keeps what the test wants to be kept. */
export interface GatedAgent extends Agent {
  /** Answers what it has kept, and keeps nothing from now on. */
  release(): void;
}

/**
 * An echo that takes its time.
 *
 * @param isKept - which messages wait for the release. Default: all.
 */
export function createGatedAgent(isKept: (text: string) => boolean = () => true): GatedAgent {
  const gate = Promise.withResolvers<undefined>();
  return {
    kind: "gated",
    async *turn({ message: { text } }) {
      if (isKept(text)) await gate.promise;
      yield { kind: "done", text };
    },
    release: () => gate.resolve(undefined),
  };
}

/** An echo that does what it is told to by words in the message: throw, hang, say nothing. */
export const moodyAgent: Agent = {
  kind: "moody",
  async *turn({ message: { text } }) {
    if (text.includes("throw")) throw new RangeError("out of tokens");
    if (text.includes("hang")) await new Promise<never>(() => undefined);
    yield { kind: "done", text: text.includes("say nothing") ? " \n" : text };
  },
};
