/** Keeps track of which dispatches of one session are done with. */
export interface Commits {
  /** A dispatch has come; the returned function says that it is done with. */
  begin(sequence: number): () => void;
}

/**
 * Commits dispatches in the order they came: a number is given to `commit` once its dispatch and all before it are done
 * with. What is not is replayed when the session is resumed.
 */
export function createCommits(commit: (sequence: number) => void): Commits {
  const waiting: { readonly sequence: number; isDone: boolean }[] = [];
  return {
    begin(sequence) {
      const dispatch = { sequence, isDone: false };
      waiting.push(dispatch);
      return () => {
        dispatch.isDone = true;
        const count = waiting.findIndex(({ isDone }) => !isDone);
        const done = waiting.splice(0, count < 0 ? waiting.length : count);
        if (done.length > 0) commit(Math.max(...done.map(({ sequence: number }) => number)));
      };
    },
  };
}
