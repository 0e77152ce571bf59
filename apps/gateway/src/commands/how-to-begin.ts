import type { FieldDefinition, SectionDefinition } from "@revka/core";

/** The first steps, for somebody who has no configuration: with the keys that the channels here need. */
export function howToBegin(file: string, sections: readonly SectionDefinition[]): string {
  const samples = sections.flatMap(({ name, fields }) => [`     [channels_config.${name}]`, ...fields.filter(({ isRequired }) => isRequired).map(sampleLine), ""]);
  return [
    "To begin:",
    "  1. See everything work, without credentials:  revka demo",
    "  2. Set up your channels, question by question:  revka onboard",
    `     or write ${file} yourself, so that only you can read it (chmod 600):`,
    "",
    ...samples,
    "     One section is enough. Who may write to the bot stands in allowed_users: nobody, unless you say so.",
    "  3. Check it and start:  revka config check  and  revka daemon",
  ].join("\n");
}

function sampleLine({ key, example = "" }: FieldDefinition): string {
  return `     ${key} = ${JSON.stringify(example)}`;
}
