import { baseUrl, requiredString, stringList, table, type ChannelDefinition } from "@revka/core";

/** What the table holds once its schema has read it. */
interface PigeonSection {
  readonly url: string;
  readonly token: string;
  readonly allowed_users: readonly string[];
}

/** What a host needs to know of Pigeon; the channel itself is loaded when one is created. */
export const pigeonDefinition: ChannelDefinition = {
  sections: [
    {
      name: "pigeon",
      displayName: "Pigeon",
      description: "Pigeon server",
      region: "Self-hosted",
      receiveMode: "HTTP polling",
      idKinds: "Pigeon user names",
      fields: [
        { key: "url", type: "url", description: "Where the server is.", isRequired: true, example: "https://pigeon.example.com" },
        { key: "token", type: "string", description: "What the server asks for.", isRequired: true, isSecret: true, example: "pigeon-token" },
        { key: "allowed_users", type: "string-list", description: "Users that may write.", default: [], example: '["*"]' },
      ],
      schema: table({ url: baseUrl({ allowHttp: "loopback" }), token: requiredString, allowed_users: stringList }),
    },
  ],
  async create(sections, contextOf) {
    const section = sections["pigeon"] as PigeonSection | undefined; // our own schema gave it
    if (section === undefined) return { channels: [], warnings: [] };
    const { createPigeonChannel } = await import("./channel.ts");
    const { url, token, allowed_users: allowedUsers } = section;
    return { channels: [createPigeonChannel({ url, token, allowedUsers }, contextOf("pigeon"))], warnings: [] };
  },
};
