import { segment } from "qq-official-bot";
import { startSandbox, type QqConnection, type Sandbox } from "@revka/sandbox";
import { describe, expect, it, onTestFinished } from "vitest";
import { startOfficialBot, type OfficialBot } from "./official-bot.ts";

const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d, 0x49, 0x48, 0x44, 0x52]);

interface Opened extends OfficialBot {
  readonly sandbox: Sandbox;
  readonly connection: QqConnection;
}

async function openConnected(): Promise<Opened> {
  const sandbox = await startSandbox();
  onTestFinished(() => sandbox.close());
  const started = await startOfficialBot(sandbox.qq);
  return { ...started, sandbox, connection: await sandbox.qq.nextConnection() };
}

/** Waits until a client has logged in once more. */
async function loggedInAgain({ qq }: Sandbox): Promise<void> {
  await qq.nextLogin();
  await qq.nextLogin();
}

describe("an independent client on the sandbox", () => {
  it("identifies for private messages and groups, and beats at once", async () => {
    const { sandbox: { qq }, connection } = await openConnected();
    expect(qq.logins).toMatchObject([{ kind: "identify", outcome: "ready", intents: 1 << 25, shard: [0, 1], connection: connection.id }]);
    expect(await qq.nextHeartbeat()).toMatchObject({ connection: connection.id, s: null });
  });

  it("receives and answers in private", async () => {
    const { sandbox: { qq }, next } = await openConnected();
    const id = qq.say("user-1", "hello");
    const message = await next();
    expect(message).toMatchObject({ message_type: "private", message_id: id, user_id: "user-1", raw_message: "hello" });
    await message.reply("and hello to you");
    expect(qq.sent).toMatchObject([{ user: "user-1", kind: "text", text: "and hello to you", msgId: id }]);
  });

  it("receives and answers in a group", async () => {
    const { sandbox: { qq }, next } = await openConnected();
    const id = qq.say("user-1", "hello", { group: "G1" });
    const message = await next();
    expect(message).toMatchObject({ message_type: "group", message_id: id, group_id: "G1" });
    await message.reply("and hello to all");
    expect(qq.sent).toMatchObject([{ group: "G1", kind: "text", text: "and hello to all", msgId: id }]);
  });

  it.each([["in private", {}], ["in a group", { group: "G1" }]])("uploads a picture and answers with it %s", async (_title, place) => {
    const { sandbox: { qq }, next } = await openConnected();
    const id = qq.say("user-1", "draw something", place);
    const message = await next();
    await message.reply(segment.image(PNG));
    const [upload] = qq.uploads;
    expect(upload).toMatchObject({ fileType: 1, via: "data" });
    expect(Buffer.from(upload?.bytes ?? [])).toEqual(PNG);
    expect(qq.sent).toMatchObject([{ kind: "media", msgId: id, media: { fileInfo: upload?.fileInfo } }]);
  });

  it("sends markdown", async () => {
    const { sandbox: { qq }, next } = await openConnected();
    qq.say("user-1", "hello");
    await (await next()).reply(segment.markdown("**bold**"));
    expect(qq.sent).toMatchObject([{ kind: "markdown", text: "**bold**" }]);
  });

  it("hears of a refusal", async () => {
    const { sandbox: { qq }, next } = await openConnected();
    qq.say("user-1", "hello");
    const message = await next();
    qq.refuse(40034128);
    await expect(message.reply("too late")).rejects.toThrow("40034128");
  });

  it.each<[string, (connection: QqConnection) => void]>([
    ["was told to reconnect", (connection) => connection.reconnect()],
    ["was closed with 4009", (connection) => connection.close(4009)],
  ])("resumes its session after it %s, and gets what was said meanwhile", async (_title, end) => {
    const { sandbox, connection, next } = await openConnected();
    const { qq } = sandbox;
    qq.say("user-1", "before");
    await next();
    end(connection);
    await connection.closed;
    qq.say("user-1", "meanwhile");
    await loggedInAgain(sandbox);
    expect(qq.logins).toMatchObject([{ kind: "identify" }, { kind: "resume", outcome: "resumed", session: qq.logins[0]?.session, s: 2 }]);
    const message = await next();
    expect(message.raw_message).toBe("meanwhile");
    await message.reply("still here");
    expect(qq.sent).toMatchObject([{ text: "still here" }]);
  });
});
