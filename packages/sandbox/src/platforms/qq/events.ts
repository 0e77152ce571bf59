/** Bits of the intents whose events the emulator knows ("websocket"). */
const INTENTS = {
  guilds: 1 << 0,
  guildMembers: 1 << 1,
  guildMessages: 1 << 9,
  guildReactions: 1 << 10,
  directMessages: 1 << 12,
  openForum: 1 << 18,
  audioMembers: 1 << 19,
  enterAio: 1 << 23,
  groupMembers: 1 << 24,
  groupAndC2c: 1 << 25,
  interaction: 1 << 26,
  audit: 1 << 27,
  forums: 1 << 28,
  audio: 1 << 29,
  publicMessages: 1 << 30,
} as const;

/** Every bit that the platform knows. */
export const KNOWN_INTENTS: number = Object.values(INTENTS).reduce((mask, bit) => mask | bit, 0);

/** The bits that public bots may use: all but the two that only private ones get. */
export const GRANTED_INTENTS: number = KNOWN_INTENTS & ~(INTENTS.guildMessages | INTENTS.forums);

/** The intent with which messages to the bot come. */
export const GROUP_AND_C2C: number = INTENTS.groupAndC2c;

/** The first that fits tells an event's bit. */
const BITS: readonly (readonly [pattern: RegExp, bit: number])[] = [
  [/^GROUP_MEMBER_/, INTENTS.groupMembers],
  [/^(C2C|FRIEND|GROUP|SUBSCRIBE)_/, INTENTS.groupAndC2c],
  [/^ENTER_AIO$/, INTENTS.enterAio],
  [/^INTERACTION_/, INTENTS.interaction],
  [/^MESSAGE_AUDIT_/, INTENTS.audit],
  [/^MESSAGE_REACTION_/, INTENTS.guildReactions],
  [/^(AT_MESSAGE|PUBLIC_MESSAGE)_/, INTENTS.publicMessages],
  [/^MESSAGE_/, INTENTS.guildMessages],
  [/^DIRECT_MESSAGE_/, INTENTS.directMessages],
  [/^GUILD_MEMBER_/, INTENTS.guildMembers],
  [/^(GUILD|CHANNEL)_/, INTENTS.guilds],
];

/** Whether a session with these intents gets an event; one that nobody knows goes to all. */
export function isWanted(intents: number, t: string): boolean {
  const [, bit] = BITS.find(([pattern]) => pattern.test(t)) ?? [];
  return bit === undefined || (intents & bit) !== 0;
}

/** Events that a message may answer by their id, in private and in groups ("message/overview"). */
export const ANSWERABLE: Readonly<Record<"private" | "group", readonly string[]>> = {
  private: ["INTERACTION_CREATE", "C2C_MSG_RECEIVE", "FRIEND_ADD"],
  group: ["INTERACTION_CREATE", "GROUP_ADD_ROBOT", "GROUP_MSG_RECEIVE"],
};
