/** One of several values to choose from. */
export interface PromptChoice<T> {
  readonly value: T;
  readonly label: string;
  readonly hint?: string;
}

/** A question whose answer is text. */
export interface TextQuestion {
  readonly message: string;
  /** Stands in the field already. */
  readonly initialValue?: string;
  /** Shown while the field is empty. */
  readonly placeholder?: string;
  /** Says what is wrong with an answer; undefined when nothing is. */
  readonly validate?: (answer: string) => string | undefined;
}

/** A question whose answer is one of several. */
export interface ChoiceQuestion<T extends string> {
  readonly message: string;
  readonly choices: readonly PromptChoice<T>[];
  /** Marked already. */
  readonly initialValue?: T;
}

/** Work that somebody waits for. */
export interface Waiting {
  done(text: string): void;
  failed(text: string): void;
}

/** Questions to the person at the terminal. Every answer is undefined when that person gives up (Ctrl+C, Esc). */
export interface Prompts {
  intro(title: string): void;
  note(text: string, title?: string): void;
  warn(text: string): void;
  outro(text: string): void;
  text(question: TextQuestion): Promise<string | undefined>;
  /** Without an echo. */
  secret(question: Omit<TextQuestion, "initialValue">): Promise<string | undefined>;
  confirm(question: { readonly message: string; readonly initialValue: boolean }): Promise<boolean | undefined>;
  choose<T extends string>(question: ChoiceQuestion<T>): Promise<T | undefined>;
  wait(text: string): Waiting;
}
