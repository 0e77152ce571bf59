import { once } from "node:events";
import { createServer, type AddressInfo, type Socket } from "node:net";
import { onTestFinished } from "vitest";
import type { ProxyProtocol, ProxyTarget } from "./proxy-protocol.ts";
import { openTunnel } from "./proxy-tunnel.ts";

/** How a proxy treats its clients: `"hang"` hears them and never says a word. */
export type ProxyMood = "serve" | "refuse" | "hang";

/** A client that was left hanging, sent away or cut off. */
export interface ProxyVictim {
  /** Resolves once its connection is over, whoever ended it. */
  readonly gone: Promise<unknown>;
}

/** A proxy on loopback that wants a user and a password. Every name leads to this machine, and no address leads anywhere else. */
export interface TestProxy {
  /** With both. */
  readonly url: URL;
  /** What may be seen of that URL nowhere. */
  readonly secrets: readonly string[];
  /** Whom clients asked for that gave both, oldest first. */
  readonly targets: readonly ProxyTarget[];
  /** The ports of this machine that its own connections came from. */
  readonly ports: ReadonlySet<number>;
  behave(mood: ProxyMood): void;
  /** Wants this password from now on, or the one of `url` again. */
  want(password?: string): void;
  /** From now on every connection ends after so many bytes of the target's. */
  limit(bytes: number): void;
  /** Ends every connection that is open. */
  cut(): void;
  /** Leaves its port, and cuts. */
  leave(): Promise<void>;
  /** Comes back to its port. */
  comeBack(): Promise<void>;
  /** The next client that is left hanging, sent away or cut off by a limit. */
  nextVictim(): Promise<ProxyVictim>;
}

const USER = "proxy-user";
const PASSWORD = "p@ss word/of the:proxy";

/** Starts a proxy that is gone when the test is over. */
export async function startProxyServer(protocol: ProxyProtocol): Promise<TestProxy> {
  const clients = new Set<Socket>();
  const { serve, ...treatment } = createTreatment(protocol);
  const server = createServer((client) => {
    clients.add(client);
    client.on("error", () => undefined).on("close", () => clients.delete(client));
    serve(client).catch(() => client.destroy());
  });
  const cut = (): void => clients.forEach((client) => client.destroy());
  await once(server.listen(0, "127.0.0.1"), "listening");
  onTestFinished(() => {
    cut();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const credentials = [USER, PASSWORD].map(encodeURIComponent);
  return {
    ...treatment,
    url: new URL(`${protocol.scheme}://${credentials.join(":")}@127.0.0.1:${port}`),
    secrets: [...credentials, PASSWORD, Buffer.from(`${USER}:${PASSWORD}`).toString("base64")],
    cut,
    async leave() {
      server.close();
      cut();
      await once(server, "close");
    },
    async comeBack() {
      await once(server.listen(port, "127.0.0.1"), "listening");
    },
  };
}

interface Treatment extends Pick<TestProxy, "targets" | "ports" | "behave" | "want" | "limit" | "nextVictim"> {
  /** @throws RangeError for a client that does not keep to the protocol. */
  readonly serve: (client: Socket) => Promise<void>;
}

function createTreatment(protocol: ProxyProtocol): Treatment {
  const targets: ProxyTarget[] = [];
  const ports = new Set<number>();
  const rules = { mood: "serve" as ProxyMood, password: PASSWORD, limitBytes: Infinity };
  let wanted = Promise.withResolvers<ProxyVictim>();
  function tell(client: Socket): void {
    wanted.resolve({ gone: new Promise((resolve) => (client.closed ? resolve(undefined) : client.once("close", resolve))) });
    wanted = Promise.withResolvers();
  }
  function grant(client: Socket, target: ProxyTarget): void {
    openTunnel(client, target, {
      ...protocol,
      limitBytes: () => rules.limitBytes,
      onOpen: (port) => void ports.add(port ?? 0),
      onLimit: () => tell(client),
    });
  }
  return {
    targets,
    ports,
    behave: (mood) => void (rules.mood = mood),
    want: (password = PASSWORD) => void (rules.password = password),
    limit: (bytes) => void (rules.limitBytes = bytes),
    nextVictim: () => wanted.promise,
    async serve(client) {
      if (rules.mood === "hang") client.resume();
      else {
        const target = await protocol.hear(client, (user, password) => user === USER && password === rules.password);
        if (target !== undefined) targets.push(target);
        if (target !== undefined && rules.mood === "serve" && isOfThisMachine(target)) {
          grant(client, target);
          return;
        }
        if (target !== undefined) client.end(protocol.refused);
      }
      tell(client);
    },
  };
}

function isOfThisMachine({ host, form }: ProxyTarget): boolean {
  return form === "name" || host === "::1" || /^127(?:\.\d+){3}$/.test(host);
}
