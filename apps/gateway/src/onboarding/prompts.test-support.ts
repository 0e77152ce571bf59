import type { Prompts } from "./prompts.ts";

/** Answers by a word of the question they belong to; undefined gives up. */
export type Script = readonly (readonly [question: string, answer: string | boolean | undefined])[];

/** Somebody at the terminal who answers by heart; `shown` is everything on the screen. */
export interface ScriptedPrompts extends Prompts {
  readonly shown: readonly string[];
  /** What was typed without an echo is not among `shown`. */
  readonly unanswered: Script;
}

/** Answers the questions in the order of the script. One that the script does not foresee, or an answer that is refused, is an error. */
export function createScriptedPrompts(script: Script): ScriptedPrompts {
  const shown: string[] = [];
  const left = [...script];
  const show = (text: string): void => void shown.push(text);
  function next(message: string, offered: string | boolean | undefined): string | boolean | undefined {
    show(offered === undefined ? message : `${message} [${String(offered)}]`);
    const step = left.shift();
    if (step === undefined || !message.includes(step[0])) throw new RangeError(`asked "${message}", the script has "${step?.[0] ?? "nothing"}"`);
    return step[1];
  }
  function typed(message: string, offered: string | undefined, validate?: (answer: string) => string | undefined): string | undefined {
    for (;;) {
      const answer = next(message, offered);
      if (answer === undefined) return undefined;
      const complaint = validate?.(String(answer));
      if (complaint === undefined) return String(answer);
      show(complaint);
    }
  }
  return {
    get shown() {
      return shown;
    },
    get unanswered() {
      return left;
    },
    intro: show,
    note: (text, title = "") => show(`${title}\n${text}`),
    warn: show,
    outro: show,
    text: ({ message, initialValue, validate }) => Promise.resolve(typed(message, initialValue, validate)),
    secret: ({ message, validate }) => Promise.resolve(typed(message, undefined, validate)),
    confirm: ({ message, initialValue }) => Promise.resolve(next(message, initialValue) as boolean | undefined),
    choose: ({ message, choices, initialValue }) => {
      const answer = next(message, initialValue);
      const choice = choices.find(({ value }) => value === answer);
      if (answer !== undefined && choice === undefined) throw new RangeError(`"${String(answer)}" is not among ${choices.map(({ value }) => value).join(", ")}`);
      return Promise.resolve(choice?.value);
    },
    wait: (text) => {
      show(text);
      return { done: show, failed: show };
    },
  };
}
