import { createCommits, type Commits } from "./commits.ts";
import type { QqEvent } from "./events.ts";
import type { Resume } from "./resume.ts";

/** What is done with the dispatches of one connection. */
export interface Dispatches {
  /** A new session stands. */
  begin(session: { readonly sessionId: string | undefined; readonly botId: string | undefined; readonly sequence: number }): void;
  /** One that needs nothing done. */
  pass(sequence: number | undefined): void;
  /** Deals with an event, and commits it. Gives false where it is not done with: then the session has to replay it. */
  take(event: QqEvent, sequence: number | undefined): Promise<boolean>;
}

/** Deals with an event; gives whether it is done with. Never rejects. */
export type Deal = (event: QqEvent, botId: string | undefined) => Promise<boolean>;

/** Hands events on as they come, and commits them in their order. */
export function createDispatches(resume: Resume, deal: Deal): Dispatches {
  let commits: Commits | undefined = resume.session && commitsOf(resume.session.id);
  let botId: string | undefined;

  function commitsOf(sessionId: string): Commits {
    return createCommits((sequence) => resume.commit(sessionId, sequence));
  }
  return {
    begin(session) {
      botId = session.botId;
      const { sessionId: id, sequence } = session;
      commits = id === undefined ? undefined : commitsOf(id);
      if (id === undefined) resume.drop();
      else resume.begin({ id, sequence });
    },
    pass(sequence) {
      if (sequence !== undefined) commits?.begin(sequence)();
    },
    async take(event, sequence) {
      const commit = sequence === undefined ? undefined : commits?.begin(sequence);
      const isDone = await deal(event, botId);
      if (isDone) commit?.();
      return isDone;
    },
  };
}
