import { startSandbox, type LarkControl, type LarkCredentials } from "@revka/sandbox";
import { describe, expect, it, onTestFinished } from "vitest";
import { officialProgram, startOfficialReceiver, type OfficialProgram, type ProgramOptions } from "./official-bot.ts";

const KEY = "an encrypt key";
const TOKEN = "a verification token";

async function openReceiver(credentials: Partial<LarkCredentials>, options: ProgramOptions): Promise<{ lark: LarkControl; program: OfficialProgram; url: string }> {
  const sandbox = await startSandbox();
  onTestFinished(() => sandbox.close());
  sandbox.lark.accept(credentials);
  const program = officialProgram(options);
  return { lark: sandbox.lark, program, url: await startOfficialReceiver(program) };
}

describe.each([["in plain text", ""], ["encrypted and signed", KEY]])("the official receiver of webhooks, %s", (_title, encryptKey) => {
  it("answers the challenge, and from then on gets events", async () => {
    const { lark, program, url } = await openReceiver({ encryptKey, verificationToken: TOKEN }, { encryptKey, verificationToken: TOKEN });
    expect(await lark.useWebhook(url)).toMatchObject({ kind: "challenge", status: 200, isAccepted: true });
    const id = lark.say("ou_ann", "hello 你好");
    expect(await program.next()).toMatchObject({ token: TOKEN, message: { message_id: id, content: '{"text":"hello 你好"}' } });
    expect(await lark.nextPost()).toMatchObject({ kind: "challenge" });
    expect(await lark.nextPost()).toMatchObject({ id, status: 200, isAccepted: true });
  });
});

describe("the official receiver of webhooks", () => {
  it("gets an event again that it does not answer in time, and then no more", async () => {
    const answers = [new Promise<never>(() => undefined), Promise.resolve()];
    const { lark, program, url } = await openReceiver({}, { answer: () => answers.shift() });
    lark.behave({ ackWindowMs: 20, retryAfterMs: [40, 40] });
    await lark.useWebhook(url);
    await lark.nextPost();
    const id = lark.say("ou_ann", "hello");
    expect((await program.next()).event_id).toBe((await program.next()).event_id);
    expect(await lark.nextPost()).toMatchObject({ id, attempt: 1, error: "no answer within 20 ms", isAccepted: false });
    expect(await lark.nextPost()).toMatchObject({ id, attempt: 2, status: 200, isAccepted: true });
    expect(lark.deliveries).toHaveLength(2);
  });

  it("neither handles an event whose signature is another's, nor says so", async () => {
    const { lark, program, url } = await openReceiver({ encryptKey: KEY }, { encryptKey: KEY });
    await lark.useWebhook(url);
    const text = JSON.stringify({ schema: "2.0", header: { event_type: "im.message.receive_v1" }, event: {} });
    expect(await lark.post(text, { headers: { "x-lark-signature": "0".repeat(64) } })).toMatchObject({ status: 200, answer: "" });
    lark.say("ou_ann", "hello");
    await program.next();
    expect(program.events).toHaveLength(1);
  });
});
