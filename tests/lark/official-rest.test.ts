import * as Lark from "@larksuiteoapi/node-sdk";
import { type Sandbox, startSandbox } from "@revka/sandbox";
import { describe, expect, it, onTestFinished } from "vitest";

const PNG = Buffer.from("\x89PNG\r\n\x1a\n", "latin1");
const silent = (): void => undefined;

/** The official client, which differs from one for the real platform only in its domain. */
async function openClient(name: "lark" | "feishu" = "lark"): Promise<{ sandbox: Sandbox; client: Lark.Client }> {
  const sandbox = await startSandbox();
  onTestFinished(() => sandbox.close());
  Lark.defaultHttpInstance.defaults.proxy = false;
  const { url, credentials: { appId, appSecret } } = sandbox[name];
  const logger = { error: silent, warn: silent, info: silent, debug: silent, trace: silent };
  return { sandbox, client: new Lark.Client({ appId, appSecret, domain: url, logger, cache: createCache() }) };
}

/** Without one of its own, a client takes over the token of another sandbox. */
function createCache(): Lark.Cache {
  const kept = new Map<unknown, unknown>();
  return {
    get: (key) => Promise.resolve(kept.get(key)),
    set: (key, value) => Promise.resolve(kept.set(key, value).has(key)),
  };
}

const toAnn = (msgType: string, content: unknown): Parameters<Lark.Client["im"]["v1"]["message"]["create"]>[0] => ({
  params: { receive_id_type: "open_id" }, data: { receive_id: "ou_ann", msg_type: msgType, content: JSON.stringify(content) },
});
const cardOf = (text: string, streams = false): object => ({
  schema: "2.0", config: { streaming_mode: streams }, body: { elements: [{ tag: "markdown", content: text, element_id: "md_1" }] },
});

describe.each(["lark", "feishu"] as const)("the official client on %s", (name) => {
  it("sends, replies in a thread, edits, reads and takes back", async () => {
    const { sandbox, client } = await openClient(name);
    const messages = client.im.v1.message;
    const sent = await messages.create(toAnn("text", { text: "hello" }));
    expect(sent).toMatchObject({ code: 0, data: { msg_type: "text" } });
    const path = { message_id: sent.data?.message_id ?? "" };
    const reply = await messages.reply({ path, data: { msg_type: "interactive", content: JSON.stringify(cardOf("# Hi")), reply_in_thread: true } });
    await messages.patch({ path: { message_id: reply.data?.message_id ?? "" }, data: { content: JSON.stringify(cardOf("# Bye")) } });
    await messages.update({ path, data: { msg_type: "text", content: '{"text":"edited"}' } });
    expect((await messages.get({ path })).data?.items).toMatchObject([{ ...path, updated: true, body: { content: '{"text":"edited"}' } }]);
    await messages.delete({ path });
    expect(sandbox[name].sent).toMatchObject([
      { user: "ou_ann", kind: "text", isRecalled: true, edits: [{ kind: "put", text: "edited" }, { kind: "recall" }] },
      { kind: "interactive", text: "# Bye", parentId: path.message_id, threadId: reply.data?.thread_id },
    ]);
  });
});

describe("the official client", () => {
  it("reacts, and takes the reaction away", async () => {
    const { sandbox, client } = await openClient();
    const path = { message_id: sandbox.lark.say("ou_ann", "hello") };
    const added = await client.im.v1.messageReaction.create({ path, data: { reaction_type: { emoji_type: "Typing" } } });
    await client.im.v1.messageReaction.delete({ path: { ...path, reaction_id: added.data?.reaction_id ?? "" } });
    expect(sandbox.lark.reactions.map(({ emoji, isRemoved }) => [emoji, isRemoved])).toEqual([["Typing", false], ["Typing", true]]);
  });

  it("uploads bytes, and gets back what is in a message", async () => {
    const { sandbox, client } = await openClient();
    const image = await client.im.v1.image.create({ data: { image_type: "message", image: PNG } });
    const sent = await client.im.v1.message.create(toAnn("image", image));
    const path = { message_id: sent.data?.message_id ?? "", file_key: image?.image_key ?? "" };
    const resource = await client.im.v1.messageResource.get({ path, params: { type: "image" } });
    expect(Buffer.concat((await resource.getReadableStream().toArray()) as Buffer[])).toEqual(PNG);
    const file = await client.im.v1.file.create({ data: { file_type: "opus", file_name: "ä.opus", duration: 1_000, file: Buffer.from("OggS") } });
    await client.im.v1.message.create(toAnn("audio", file));
    expect(sandbox.lark.sent.map(({ media }) => media)).toMatchObject([{ size: PNG.length }, { name: "ä.opus", uploadType: "opus", durationMs: 1_000 }]);
  });

  it("streams into a card", async () => {
    const { sandbox, client } = await openClient();
    const { data } = await client.cardkit.v1.card.create({ data: { type: "card_json", data: JSON.stringify(cardOf("", true)) } });
    const path = { card_id: data?.card_id ?? "" };
    await client.im.v1.message.create(toAnn("interactive", { type: "card", data: path }));
    await client.cardkit.v1.cardElement.content({ path: { ...path, element_id: "md_1" }, data: { content: "Hello", sequence: 1 } });
    await client.cardkit.v1.card.settings({ path, data: { settings: '{"config":{"streaming_mode":false}}', sequence: 2 } });
    await client.cardkit.v1.card.update({ path, data: { card: { type: "card_json", data: JSON.stringify(cardOf("Hello!")) }, sequence: 3 } });
    expect(sandbox.lark.cardFrames.map(({ kind, text }) => [kind, text])).toEqual([["stream", "Hello"], ["settings", "Hello"], ["replace", "Hello!"]]);
    expect(sandbox.lark.sent).toMatchObject([{ text: "Hello!", isStreaming: false }]);
  });

  it("is told the platform's code when it is refused", async () => {
    const { client } = await openClient();
    const refused = client.im.v1.message.create({ params: { receive_id_type: "chat_id" }, data: { receive_id: "oc_foreign", msg_type: "text", content: '{"text":"hi"}' } });
    await expect(refused).rejects.toMatchObject({ response: { status: 400, data: { code: 230002 } } });
  });
});
