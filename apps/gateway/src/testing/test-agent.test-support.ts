import type { Agent, TurnEvent, TurnRequest } from "../agents/agent.ts";

/** An agent that answers when the test lets it. */
export interface HeldAgent extends Agent {
  /** What it was asked, in order. */
  readonly requests: readonly TurnRequest[];
  /** Answers the message with this text; also one that is not asked yet. */
  answer(text: string, answer?: string): void;
}

/** An agent that waits for the test before it answers each message. */
export function createHeldAgent(): HeldAgent {
  const requests: TurnRequest[] = [];
  const answers = new Map<string, PromiseWithResolvers<string>>();
  const answerTo = (text: string): PromiseWithResolvers<string> => {
    const answer = answers.get(text) ?? Promise.withResolvers<string>();
    answers.set(text, answer);
    return answer;
  };
  return {
    kind: "held",
    requests,
    async *turn(request) {
      requests.push(request);
      yield { kind: "done", text: await answerTo(request.message.text).promise };
    },
    answer: (text, answer = text) => answerTo(text).resolve(answer),
  };
}

/**
 * An agent that says these events for every message; a number is a wait of so many ms, an error is thrown.
 * @param outboundMarkers - whether the markers in its text send files; default false.
 */
export function createScriptedAgent(script: readonly (TurnEvent | number | Error)[], wait: (ms: number, signal: AbortSignal) => Promise<void>, outboundMarkers?: boolean): Agent {
  return {
    kind: "scripted",
    ...(outboundMarkers !== undefined && { outboundMarkers }),
    async *turn(_request, signal) {
      for (const step of script) {
        if (typeof step === "number") await wait(step, signal);
        else if (step instanceof Error) throw step;
        else yield step;
      }
    },
  };
}

/** An agent that never answers and does not care about its signal. */
export const deafAgent: Agent = {
  kind: "deaf",
  async *turn() {
    yield await new Promise<never>(() => undefined);
  },
};

/** An agent that says one text, in which markers send files, and remembers what it was asked. */
export function createMarkerAgent(text: string): Agent & { readonly requests: readonly TurnRequest[] } {
  const requests: TurnRequest[] = [];
  return {
    kind: "marker",
    outboundMarkers: true,
    requests,
    async *turn(request) {
      requests.push(request);
      yield await Promise.resolve<TurnEvent>({ kind: "done", text });
    },
  };
}
