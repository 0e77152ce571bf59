import { expect, vi } from "vitest";
import type { Accept } from "../contract/channel.ts";
import { isChannelError, TransientError } from "../contract/errors.ts";
import { textOf } from "../contract/message.ts";
import { expectNoSecret, whileHearing, whileOpen, type ContractCheck } from "./contract-check.ts";

/** What every channel that receives must do. */
export const receiveChecks: readonly ContractCheck[] = [
  {
    title: "hands over a message as plain JSON that says who wrote what",
    run: (descriptor) =>
      whileHearing(descriptor, {}, async ({ subject, inbound, next }) => {
        const id = await inbound.say("hello", descriptor.userIds.friend);
        const message = await next();
        expect(message).toMatchObject({ id, channel: descriptor.name, conversation: { kind: "direct" }, mentionsBot: true });
        expect([message.sender.id, ...(message.sender.altIds ?? [])]).toContain(descriptor.userIds.friend);
        expect(textOf(message)).toBe("hello");
        expect(JSON.parse(JSON.stringify(message))).toStrictEqual(message);
        expect(subject.channel.status()).toMatchObject({ state: "connected" });
      }),
  },
  {
    title: "denies everybody with an empty allowlist, and tells the platform that the message is done with",
    run: (descriptor) =>
      whileHearing(descriptor, { allowedUsers: [] }, async ({ inbound, messages }) => {
        await inbound.handled(await inbound.say("let me in", descriptor.userIds.friend));
        expect(messages).toEqual([]);
      }),
  },
  {
    title: "admits a listed user and no other",
    run: (descriptor) =>
      whileHearing(descriptor, { allowedUsers: [descriptor.userIds.friend] }, async ({ inbound, messages, next }) => {
        await inbound.handled(await inbound.say("a stranger", descriptor.userIds.stranger));
        await inbound.say("a friend", descriptor.userIds.friend);
        expect(textOf(await next())).toBe("a friend");
        expect(messages).toHaveLength(1);
      }),
  },
  {
    title: "hands over a message once, however often the platform delivers it",
    run: (descriptor) =>
      whileHearing(descriptor, {}, async ({ inbound, messages, next }) => {
        const id = await inbound.say("once", descriptor.userIds.friend);
        await next();
        await inbound.handled(id);
        await inbound.redeliver(id);
        await inbound.redeliver(id);
        await inbound.say("after", descriptor.userIds.friend);
        expect(textOf(await next())).toBe("after");
        expect(messages).toHaveLength(2);
      }),
  },
  {
    title: "leaves a message to the platform while the host cannot keep it, and hands it over again",
    run: (descriptor) => {
      const { answer, release } = refusingOnce();
      return whileHearing(descriptor, { answer }, async ({ inbound, next }) => {
        const id = await inbound.say("keep me", descriptor.userIds.friend);
        expect((await next()).id).toBe(id);
        expect(inbound.isHandled(id)).toBe(false);
        await inbound.redeliver(id);
        expect((await next()).id).toBe(id);
        expect(inbound.isHandled(id)).toBe(false);
        release();
        await inbound.handled(id);
      });
    },
  },
  {
    title: "logs what it cannot read once, drops it and goes on",
    run: (descriptor) =>
      whileHearing(descriptor, {}, async ({ subject: { logger }, inbound, next }) => {
        const before = logger.entries.length;
        await inbound.garble();
        await inbound.say("after", descriptor.userIds.friend);
        expect(textOf(await next())).toBe("after");
        const complaints = logger.entries.slice(before).filter(({ level }) => level === "warn" || level === "error");
        expect(complaints).toHaveLength(1);
      }),
  },
  {
    title: "ends when it is aborted, with nothing left open",
    run: (descriptor) =>
      whileHearing(descriptor, {}, async ({ subject: { channel }, inbound, next, stop }) => {
        await inbound.say("hello", descriptor.userIds.friend);
        await next();
        await stop();
        expect(channel.status().state).toBe("stopped");
        expect(inbound.openCount()).toBe(0);
      }),
  },
];

/** What a channel must do whose platform sends the bot its own words. */
export const echoChecks: readonly ContractCheck[] = [
  {
    title: "ignores the bot's own words",
    run: (descriptor) =>
      whileHearing(descriptor, {}, async ({ inbound, messages, next }) => {
        expect(inbound.echo, "the platform echoes, so inbound needs echo").toBeDefined();
        await inbound.echo?.("I said");
        await inbound.say("you said", descriptor.userIds.friend);
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
