import type { Readable, Writable } from "node:stream";
import type { Option } from "@clack/prompts";
import type { ChoiceQuestion, Prompts, TextQuestion } from "./prompts.ts";

/** Asks on a terminal; what is asked is drawn by a library that is loaded only now. */
export async function createClackPrompts(input: Readable, output: Writable): Promise<Prompts> {
  const clack = await import("@clack/prompts");
  const common = { input, output };
  return {
    intro: (title) => clack.intro(title, common),
    note: (text, title) => clack.note(text, title, common),
    warn: (text) => clack.log.warn(text, common),
    outro: (text) => clack.outro(text, common),
    async text({ initialValue, ...question }) {
      return given<string>(await clack.text({ ...common, ...fieldOf(question), ...(initialValue !== undefined && { initialValue }) }));
    },
    async secret(question) {
      return given<string>(await clack.password({ ...common, ...fieldOf(question) }));
    },
    async confirm(question) {
      return given<boolean>(await clack.confirm({ ...common, ...question }));
    },
    async choose<T extends string>({ message, choices, initialValue }: ChoiceQuestion<T>) {
      const options = choices as Option<T>[];
      return given<T>(await clack.select<T>({ ...common, message, options, ...(initialValue !== undefined && { initialValue }) }));
    },
    wait(text) {
      const spinner = clack.spinner({ output });
      spinner.start(text);
      return { done: (end) => spinner.stop(end), failed: (end) => spinner.error(end) };
    },
  };
}

/** An answer, or undefined where the library gives its sign for giving up. */
function given<T>(answer: T | symbol): T | undefined {
  return typeof answer === "symbol" ? undefined : answer;
}

function fieldOf({ message, placeholder, validate }: Omit<TextQuestion, "initialValue">): { message: string; placeholder?: string; validate: (answer: string | undefined) => string | undefined } {
  return { message, ...(placeholder !== undefined && { placeholder }), validate: (answer) => validate?.(answer ?? "") };
}
