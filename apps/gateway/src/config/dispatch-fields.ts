import type { FieldDefinition } from "@revka/core";
import { PRESENCE_FIELDS } from "./presence-keys.ts";

/** The keys of `[channels_config]` itself that this version acts on. */
export const DISPATCH_FIELDS: readonly FieldDefinition[] = [
  {
    key: "message_timeout_secs",
    type: "integer",
    description: "A turn without any word from the agent for this long is given up; less than 30 becomes 30.",
    default: 300,
  },
  {
    key: "message_timeout_max_secs",
    type: "integer",
    description: "A turn is given up after this, whatever it says; at least message_timeout_secs.",
    default: 1200,
  },
  { key: "queue_cap", type: "integer", description: "Messages that may wait in one conversation.", default: 20 },
  { key: "queue_total", type: "integer", description: "Messages that may wait in all conversations together.", default: 2000 },
  { key: "max_in_flight", type: "integer", description: "Turns that run at once; by default four per channel, from 8 to 64." },
  {
    key: "sender_limit_per_minute",
    type: "integer",
    description: "Messages of one sender within a minute before further ones are refused; 0 for no limit.",
    default: 20,
  },
  {
    key: "conversation_scope",
    type: "choice",
    choices: ["sender", "room"],
    description: "Whether everybody in a group talks to the agent alone or all share one conversation.",
    default: "sender",
  },
  {
    key: "interrupted_turns",
    type: "choice",
    choices: ["retry", "notify"],
    description: "What becomes of a turn that a crash interrupted: it runs again, or its sender is asked to repeat.",
    default: "retry",
  },
  {
    key: "replay_max_age_secs",
    type: "integer",
    description: "An accepted message that is still unanswered after this is given up.",
    default: 86_400,
  },
  {
    key: "max_message_age_secs",
    type: "integer",
    description: "A message that is older than this when it arrives is not answered; 0 answers all.",
    default: 0,
  },
  { key: "error_replies", type: "boolean", description: "Tell users when something went wrong.", default: true },
  ...PRESENCE_FIELDS,
  { key: "drain_timeout_secs", type: "integer", description: "How long a stop waits for turns and their sends.", default: 25 },
];
