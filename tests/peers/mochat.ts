import { createMochatChannel } from "@revka/channel-mochat";
import { createContext } from "@revka/core";
import { recordingLogger, type ContractDescriptor, type ContractInbound } from "@revka/core/testing";
import { startSandbox, type Fault, type MochatBehaviour, type MochatPoll, type Sandbox } from "@revka/sandbox";

const RECEIVE = "/api/message/receive";
const SEND = "/api/message/send";

/** Mochat on the sandbox, for the channel contract. */
export const mochatContract: ContractDescriptor = {
  name: "mochat",
  receives: true,
  echoes: false,
  faults: ["unauthorized", "rate-limited", "answer-lost"],
  userIds: { friend: "user-1", stranger: "user-2" },
  async open({ allowedUsers }) {
    const sandbox = await startSandbox();
    const { mochat } = sandbox;
    const logger = recordingLogger();
    const config = { apiUrl: mochat.url, apiToken: mochat.token, allowedUsers, pollIntervalMs: 100 };
    return {
      channel: createMochatChannel(config, createContext("mochat", { logger })),
      logger,
      secrets: [mochat.token],
      target: { conversationId: "user-1" },
      platform: {
        sent: () => mochat.sent.map(({ text }) => text),
        fail: (fault) => {
          if (fault === "unauthorized") mochat.acceptToken("a new token");
          else if (fault === "rate-limited") sandbox.faults.add({ path: SEND, times: "always", fault: { kind: "answer", status: 429, headers: { "retry-after": "120" } } });
          else sandbox.faults.add({ path: SEND, times: "always", fault: { kind: "reset", at: "after-work" } });
        },
      },
      inbound: inboundOf(sandbox),
      [Symbol.asyncDispose]: () => sandbox.close(),
    };
  },
};

/** A poll whose cursor is at a message or beyond is how a client says that it is done with it. */
function inboundOf({ mochat, faults, record }: Sandbox): ContractInbound {
  const isPast = (messageId: string) => ({ sinceId }: Pick<MochatPoll, "sinceId">) => sinceId !== undefined && numberOf(sinceId) >= numberOf(messageId);
  return {
    say: (text, userId) => Promise.resolve(mochat.say(userId, text)),
    redeliver() {
      mochat.behave(EVERYTHING_AGAIN);
      return Promise.resolve();
    },
    async handled(messageId) {
      const isDone = isPast(messageId);
      await record.next(({ path, query }) => path === RECEIVE && isDone({ sinceId: new URLSearchParams(query).get("since_id") ?? undefined }));
    },
    isHandled: (messageId) => mochat.polls.some(isPast(messageId)),
    garble: () => faults.add({ path: RECEIVE, fault: GARBAGE }).struck,
    openCount: () => mochat.polls.filter(({ outcome }) => outcome === "pending").length,
  };
}

/** From now on the newest messages come with every poll, whatever its cursor says: the only way a bridge redelivers. */
export const EVERYTHING_AGAIN: Partial<MochatBehaviour> = { sinceId: "ignored" };

const GARBAGE: Fault = { kind: "answer", body: "<html>no message</html>" };

function numberOf(messageId: string): number {
  return Number(messageId.slice("m-".length));
}
