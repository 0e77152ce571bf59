import type { FieldDefinition } from "@revka/core";
import { readAs } from "../config/read-as.ts";
import { isSecretValue } from "../secrets/secret-value.ts";
import type { Prompts } from "./prompts.ts";

/** What was given for a key: a value, nothing at all, or the wish to stop. */
export type FieldAnswer = { readonly value: unknown } | "unset" | "gave-up";

/** Words that fit before a field's own sentence. */
function messageOf({ key, description, isRequired }: FieldDefinition, present: unknown): string {
  const state = present === undefined ? (isRequired === true ? "" : " (optional)") : "";
  return `${key}${state}: ${description}`;
}

/**
 * Asks for one key, in the way that suits its type. What stands in the file is offered; of a secret it is only said that
 * there is one.
 */
export async function askField(prompts: Prompts, field: FieldDefinition, present: unknown): Promise<FieldAnswer> {
  const message = messageOf(field, present);
  switch (field.type) {
    case "boolean": {
      const initialValue = typeof present === "boolean" ? present : field.default === true;
      return answerOf(await prompts.confirm({ message, initialValue }), field, present);
    }
    case "choice": {
      const choices = (field.choices ?? []).map((value) => ({ value, label: value }));
      const initialValue = textOf(present ?? field.default);
      return answerOf(await prompts.choose({ message, choices, ...(initialValue !== "" && { initialValue }) }), field, present);
    }
    default:
      return field.isSecret === true || isSecretValue(textOf(present), field) ? askSecret(prompts, field, present) : askText(prompts, field, present);
  }
}

async function askSecret(prompts: Prompts, field: FieldDefinition, present: unknown): Promise<FieldAnswer> {
  const isKept = typeof present === "string" && present !== "";
  const message = `${messageOf(field, present)}${isKept ? " (leave empty to keep the present one)" : ""}`;
  const answer = await prompts.secret({ message, validate: (text) => missing(field, text, isKept) });
  if (answer === "" && isKept) return { value: present };
  return answerOf(answer, field, present);
}

async function askText(prompts: Prompts, field: FieldDefinition, present: unknown): Promise<FieldAnswer> {
  const initialValue = textOf(present ?? (field.type === "string-list" ? undefined : field.default));
  const { example } = field;
  const answer = await prompts.text({
    message: field.type === "string-list" ? `${asTyped(messageOf(field, present))} Separate them by commas.` : messageOf(field, present),
    ...(initialValue !== "" && { initialValue }),
    ...(example !== undefined && { placeholder: asTyped(example) }),
    validate: (text) => missing(field, text, false),
  });
  return answerOf(answer, field, present);
}

/** What is the default anyway is not written, unless it stands there already. */
function answerOf(answer: string | boolean | undefined, { type, isRequired, default: standard }: FieldDefinition, present: unknown): FieldAnswer {
  if (answer === undefined) return "gave-up";
  if (type === "string-list") return { value: readAs(type, String(answer)) };
  const value = typeof answer === "string" ? readAs(type, answer.trim()) : answer;
  const isLeftOut = value === "" || (isRequired !== true && present === undefined && value === standard);
  return isLeftOut ? "unset" : { value };
}

function missing({ key, isRequired }: FieldDefinition, text: string, isKept: boolean): string | undefined {
  return isRequired === true && text.trim() === "" && !isKept ? `${key} is required` : undefined;
}

/** A list as it is typed. */
function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(String).join(", ");
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" || typeof value === "bigint" ? String(value) : "";
}

/** Words about a file in those of a terminal: `["*"]` stands there, `*` is typed here, and for `[]` nothing. */
function asTyped(text: string): string {
  return text.replaceAll("[]", "nothing").replaceAll(/\[("[^"\]]*"(?:, "[^"\]]*")*)\]/g, (_whole, items: string) => items.replaceAll('"', ""));
}
