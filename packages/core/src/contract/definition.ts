import type { GenericSchema } from "valibot";
import type { Channel } from "./channel.ts";
import type { ChannelContext } from "./context.ts";

/** One key of a config section: validation aside, all that a host needs to ask for it, hide it and document it. */
export interface FieldDefinition {
  /** As in the file: `poll_interval_secs`. */
  readonly key: string;
  readonly type: "string" | "url" | "boolean" | "integer" | "number" | "string-list" | "choice" | "table";
  /** One sentence for people: docs, wizard, JSON Schema. */
  readonly description: string;
  readonly isRequired?: boolean;
  /** Encrypted at rest, typed without echo, never printed. */
  readonly isSecret?: boolean;
  /** What holds when the key is absent, as it would stand in the file. */
  readonly default?: string | number | boolean | readonly string[];
  readonly choices?: readonly string[];
  /** An example of a good value; never a real secret. */
  readonly example?: string;
  /** Not asked by the wizard. */
  readonly isAdvanced?: boolean;
  /** The wizard asks for it only when another key has this value, given or by default. */
  readonly askedWhen?: { readonly key: string; readonly is: string | boolean };
  /** The keys of a `table`. */
  readonly fields?: readonly FieldDefinition[];
}

/** One table under `[channels_config]`. */
export interface SectionDefinition {
  /** `"mochat"` for `[channels_config.mochat]`. */
  readonly name: string;
  readonly displayName: string;
  readonly description: string;
  /** Where the platform's users are, e.g. `"China"`. */
  readonly region: string;
  /** For people, e.g. `"HTTP polling"`. */
  readonly receiveMode: string;
  /** Where the platform's API is unless `base_url` or `api_url` says otherwise: hosts ask its clock, and tell which proxy leads there. */
  readonly platformUrl?: string;
  /** Where the credentials come from. */
  readonly helpUrl?: string;
  /** What `allowed_users` holds, e.g. `"Mochat user IDs (fromUserId)"`. */
  readonly idKinds: string;
  readonly fields: readonly FieldDefinition[];
  /** Reads the table (snake_case keys) into the channel's own config. Unknown keys pass unseen: the host warns of them. */
  readonly schema: GenericSchema<unknown, unknown>;
}

/** What `create` gives a host. */
export interface CreatedChannels {
  readonly channels: readonly Channel[];
  /** Sentences to log at warn, e.g. about a deprecated key. */
  readonly warnings: readonly string[];
}

/** What a channel package offers a host. Reading it opens no socket and loads no heavy code. */
export interface ChannelDefinition {
  readonly sections: readonly SectionDefinition[];
  /**
   * Makes the channels of the configured sections; rules between sections live here.
   * @param sections - what each section's `schema` gave, by section name; only sections that are valid.
   * @param contextOf - the context of an instance, by its name.
   */
  create(sections: Readonly<Record<string, unknown>>, contextOf: (instance: string) => ChannelContext): Promise<CreatedChannels>;
  /**
   * Whether these sections, as for `create`, depend on each other, so that a change of one has the channels of all made
   * anew. Absent: they do.
   */
  areJoined?(sections: Readonly<Record<string, unknown>>): boolean;
}
