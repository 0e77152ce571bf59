import { styleText } from "node:util";
import type { Environment } from "./config/environment.ts";

/** Something to write text to, e.g. `process.stdout`. */
export interface Output {
  readonly isTTY?: boolean | undefined;
  write(text: string): unknown;
}

/** Colours, where there is somebody to see them. */
export interface Palette {
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  yellow(text: string): string;
}

/** Whether an output takes colours: a terminal does, unless `NO_COLOR` is set to anything. */
export function hasColour(output: Output, environment: Environment): boolean {
  return output.isTTY === true && !environment["NO_COLOR"];
}

/** The palette of an output; it changes nothing where there is no colour. */
export function createPalette(output: Output, environment: Environment): Palette {
  const isOn = hasColour(output, environment);
  const paint =
    (style: keyof Palette) =>
    (text: string): string =>
      isOn ? styleText(style, text, { validateStream: false }) : text;
  return { bold: paint("bold"), dim: paint("dim"), red: paint("red"), yellow: paint("yellow") };
}
