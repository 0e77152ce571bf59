import { expect, vi } from "vitest";
import type { Accept } from "../channel.ts";
import { isChannelError, TransientError } from "../errors.ts";
import { textOf } from "../message.ts";
import { expectNoSecret, whileListening, whileOpen, type ContractCheck } from "./contract-check.ts";

/** What every channel that receives must do. */
export const receiveChecks: readonly ContractCheck[] = [
  {
    title: "hands over a message as plain JSON that says who wrote what",
    run: (descriptor) =>
      whileListening(descriptor, {}, async ({ subject, next }) => {
        const id = await subject.platform.say("hello", descriptor.users.friend);
        const message = await next();
        expect(message).toMatchObject({ id, channel: descriptor.name, conversation: { kind: "direct" }, mentionsBot: true });
        expect([message.sender.id, ...(message.sender.altIds ?? [])]).toContain(descriptor.users.friend);
        expect(textOf(message)).toBe("hello");
        expect(JSON.parse(JSON.stringify(message))).toStrictEqual(message);
        expect(subject.channel.status()).toMatchObject({ state: "connected" });
      }),
  },
  {
    title: "denies everybody with an empty allowlist, and tells the platform that the message is done with",
    run: (descriptor) =>
      whileListening(descriptor, { allowedUsers: [] }, async ({ subject: { platform }, messages }) => {
        await platform.handled(await platform.say("let me in", descriptor.users.friend));
        expect(messages).toEqual([]);
      }),
  },
  {
    title: "admits a listed user and no other",
    run: (descriptor) =>
      whileListening(descriptor, { allowedUsers: [descriptor.users.friend] }, async ({ subject: { platform }, messages, next }) => {
        await platform.handled(await platform.say("a stranger", descriptor.users.stranger));
        await platform.say("a friend", descriptor.users.friend);
        expect(textOf(await next())).toBe("a friend");
        expect(messages).toHaveLength(1);
      }),
  },
  {
    title: "hands over a message once, however often the platform delivers it",
    run: (descriptor) =>
      whileListening(descriptor, {}, async ({ subject: { platform }, messages, next }) => {
        const id = await platform.say("once", descriptor.users.friend);
        await next();
        await platform.handled(id);
        await platform.redeliver(id);
        await platform.redeliver(id);
        await platform.say("after", descriptor.users.friend);
        expect(textOf(await next())).toBe("after");
        expect(messages).toHaveLength(2);
      }),
  },
  {
    title: "leaves a message to the platform while the host cannot keep it, and hands it over again",
    run: (descriptor) => {
      const { answer, release } = refusingOnce();
      return whileListening(descriptor, { answer }, async ({ subject: { platform }, next }) => {
        const id = await platform.say("keep me", descriptor.users.friend);
        expect((await next()).id).toBe(id);
        expect(platform.isHandled(id)).toBe(false);
        await platform.redeliver(id);
        expect((await next()).id).toBe(id);
        expect(platform.isHandled(id)).toBe(false);
        release();
        await platform.handled(id);
      });
    },
  },
  {
    title: "logs what it cannot read once, drops it and goes on",
    run: (descriptor) =>
      whileListening(descriptor, {}, async ({ subject: { platform, logger }, next }) => {
        const before = logger.entries.length;
        await platform.garble();
        await platform.say("after", descriptor.users.friend);
        expect(textOf(await next())).toBe("after");
        const complaints = logger.entries.slice(before).filter(({ level }) => level === "warn" || level === "error");
        expect(complaints).toHaveLength(1);
      }),
  },
  {
    title: "ends when it is aborted, with nothing left open",
    run: (descriptor) =>
      whileListening(descriptor, {}, async ({ subject: { channel, platform }, next, stop }) => {
        await platform.say("hello", descriptor.users.friend);
        await next();
        await stop();
        expect(channel.status().state).toBe("stopped");
        expect(platform.openCount()).toBe(0);
      }),
  },
];

/** What a channel must do whose platform sends the bot its own words. */
export const echoChecks: readonly ContractCheck[] = [
  {
    title: "ignores the bot's own words",
    run: (descriptor) =>
      whileListening(descriptor, {}, async ({ subject: { platform }, messages, next }) => {
        await platform.echo("I said");
        await platform.say("you said", descriptor.users.friend);
        expect(textOf(await next())).toBe("you said");
        expect(messages).toHaveLength(1);
      }),
  },
];

/** What a channel must do that receives, where the platform refuses the credentials. */
export const refusalChecks: readonly ContractCheck[] = [
  {
    title: "says that it failed while the platform refuses the credentials, and ends by an AuthError or the abort",
    run: (descriptor) =>
      whileOpen(descriptor, async (subject) => {
        const { channel, platform } = subject;
        const abort = new AbortController();
        await platform.fail("unauthorized");
        const end = channel.listen(() => Promise.resolve("accepted"), abort.signal).catch((error: unknown) => error);
        await vi.waitFor(() => expect(channel.status().state).toBe("failed"), { timeout: 10_000 });
        expectNoSecret(subject, channel.status());
        abort.abort();
        const error = await end;
        expect(error === undefined || (isChannelError(error) && error.code === "auth")).toBe(true);
        expectNoSecret(subject, error);
      }),
  },
];

/** A host that cannot keep the first message it is handed, and keeps the next once released. */
function refusingOnce(): { answer: Accept; release: () => void } {
  const released = Promise.withResolvers<"accepted">();
  let calls = 0;
  return {
    answer: () => (calls++ === 0 ? Promise.reject(new TransientError("the host's disk is full")) : released.promise),
    release: () => released.resolve("accepted"),
  };
}
