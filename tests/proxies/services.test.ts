import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createLarkChannel } from "@revka/channel-lark";
import { silentLogger } from "@revka/core";
import { createGateway, type Agent, type Settings } from "@revka/gateway";
import type { Sandbox } from "@revka/sandbox";
import { describe, expect, it, onTestFinished } from "vitest";
import { startDaemon } from "../support/daemon.ts";
import { openSandbox, tableText } from "../support/sections.ts";
import { startHttpProxy } from "../support/http-proxy.ts";
import type { TestProxy } from "../support/proxy-server.ts";
import { testSettings } from "../support/settings.ts";
import { startSocksProxy } from "../support/socks-proxy.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { watchArrivals, type Arrivals } from "./arrivals.ts";
import { ENVIRONMENT } from "./environment.ts";
import { openTlsWorld, trustTlsWorld, whyNoTls } from "./tls-world.ts";

const VOICE = Buffer.alloc(10_000, "OggS");
const PICTURE = Buffer.concat([Buffer.from("89504e470d0a1a0a", "hex")], 50_000);

interface Service {
  readonly port: number;
  /** What was sent to it, oldest first. */
  readonly bodies: readonly Buffer[];
  readonly arrivals: Arrivals;
}

/** Something that answers everything with this. */
async function startService(answer: string): Promise<Service> {
  const bodies: Buffer[] = [];
  const server = createServer((request, response) => {
    void request.toArray().then((chunks: Buffer[]) => {
      bodies.push(Buffer.concat(chunks));
      response.end(answer);
    });
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  return { port, bodies, arrivals: watchArrivals(port) };
}

/** A daemon on Lark whose [proxy] serves nothing but transcription; somebody says something aloud. Gives the daemon's log once that is answered. */
async function sayAloud({ lark }: Sandbox, proxy: TestProxy, whisper: Service): Promise<string> {
  const { credentials: { appId: app_id, appSecret: app_secret }, url: base_url } = lark;
  const tables = [
    tableText("proxy", { enabled: true, http_proxy: proxy.url.href, scope: "services", services: ["transcription.groq"] }),
    tableText("transcription", { api_key: "gsk_0123456789", api_url: `http://whisper.example.test:${whisper.port}/v1/audio/transcriptions` }),
    tableText("agent", { kind: "echo" }),
    tableText("channels_config.lark", { app_id, app_secret, base_url, allowed_users: ["*"] }),
  ];
  const daemon = await startDaemon(await tempFolder(), tables.join(""), { env: ENVIRONMENT });
  await lark.nextConnection();
  lark.say("ou_ann", { type: "audio", bytes: VOICE });
  await lark.nextReply("ou_ann");
  return daemon.output();
}

describe("a voice message", { timeout: 60_000 }, () => {
  it("goes through the [proxy] that serves transcription.<provider>, and not around it", async () => {
    const [sandbox, proxy, whisper] = [await openSandbox(), await startSocksProxy(), await startService('{"text":"restart the build"}')];
    await sayAloud(sandbox, proxy, whisper);
    expect(whisper.bodies.map((body) => body.includes(VOICE))).toEqual([true]);
    expect([whisper.arrivals.count, whisper.arrivals.besides(proxy)]).toEqual([1, 0]);
    expect(proxy.targets).toEqual([{ host: "whisper.example.test", port: whisper.port, form: "name" }]);
  });

  it("goes to nobody while that proxy refuses it, and no password to the log (fault 6)", async () => {
    const [sandbox, proxy, whisper] = [await openSandbox(), await startHttpProxy(), await startService('{"text":"restart the build"}')];
    proxy.want("another password");
    const output = await sayAloud(sandbox, proxy, whisper);
    expect(output).toContain("refuses the credentials");
    for (const secret of proxy.secrets) expect(output).not.toContain(secret);
    expect(whisper.arrivals.count).toBe(0);
  });
});

describe.skipIf(whyNoTls !== undefined)("a picture that an agent names by its address", () => {
  it.each<[string, Pick<Settings["proxy"], "enabled" | "scope" | "services">]>([
    ["the channel's proxy_url", { enabled: false, scope: "revka", services: [] }],
    ["the [proxy] that serves the channel", { enabled: true, scope: "services", services: ["channel.lark"] }],
  ])("is fetched through %s, which resolves its name", async (_title, table) => {
    const [proxy, { sandbox: { lark, faults }, port, arrivals }] = [await startSocksProxy(), await openTlsWorld()];
    trustTlsWorld();
    const { struck } = faults.add({ method: "GET", path: "/cat.png", fault: { kind: "answer", headers: { "content-type": "image/png" }, base64: PICTURE.toString("base64") } });
    const settings = testSettings({ multimodal: { allowRemoteFetch: true }, proxy: { ...table, allProxy: proxy.url } });
    const channels = table.enabled ? {} : { lark: { proxy: proxy.url } };
    await runGateway(lark, { ...settings, channels }, `[IMAGE:https://pictures.example.test:${port}/lark/cat.png]`);
    lark.say("ou_ann", "a cat, please");
    expect((await lark.nextReply("ou_ann")).media).toMatchObject({ size: PICTURE.length });
    await struck;
    expect(proxy.targets.filter(({ host }) => host === "pictures.example.test")).toEqual([{ host: "pictures.example.test", port, form: "name" }]);
    expect(arrivals.besides(proxy)).toBe(0);
  });
});

/** A gateway whose agent always says the same; it is connected, and gone with the test. */
async function runGateway(lark: Sandbox["lark"], settings: Settings, answer: string): Promise<void> {
  const { credentials: { appId, appSecret }, url: baseUrl } = lark;
  const proxyUrl = settings.channels["lark"]?.proxy;
  const agent: Agent = {
    kind: "test",
    outboundMarkers: true,
    async *turn() {
      yield await Promise.resolve({ kind: "done", text: answer });
    },
  };
  const gateway = await createGateway({
    folder: await tempFolder(), settings, agent, logger: silentLogger,
    createChannels: (contextOf) => Promise.resolve({ channels: [createLarkChannel({ appId, appSecret, baseUrl, allowedUsers: ["*"], ...(proxyUrl && { proxyUrl }) }, contextOf("lark"))], warnings: [] }),
  });
  onTestFinished(() => gateway.stop());
  await gateway.start();
  await lark.nextConnection();
}
