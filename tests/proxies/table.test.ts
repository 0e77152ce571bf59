import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { sectionOf } from "../support/sections.ts";
import { startHttpProxy } from "../support/http-proxy.ts";
import { revka } from "../support/revka.ts";
import { startSocksProxy } from "../support/socks-proxy.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { watchArrivals } from "./arrivals.ts";
import { openTlsWorld, whyNoTls } from "./tls-world.ts";

/** A configuration of Mochat, and the way that its calls take. `ONE` and `TWO` stand for proxies. */
interface Case {
  readonly title: string;
  /** Lines of `[proxy]`. */
  readonly table?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** The channel's own `proxy_url`. */
  readonly own?: string;
  readonly scheme?: "http";
  readonly way: "one" | "direct";
}

const ON = "enabled = true\n";
const ALL = `${ON}all_proxy = "ONE"\n`;

const CASES: readonly Case[] = [
  { title: "http_proxy for http", table: `${ON}http_proxy = "ONE"\nall_proxy = "TWO"\n`, scheme: "http", way: "one" },
  { title: "all_proxy where https has none of its own", table: `${ON}http_proxy = "TWO"\nall_proxy = "ONE"\n`, way: "one" },
  { title: "none where no_proxy has its host (fault 6)", table: `${ALL}no_proxy = ["api.example.test"]\n`, way: "direct" },
  { title: "none where NO_PROXY has a domain of its host", table: ALL, env: { NO_PROXY: "elsewhere.example,example.test" }, way: "direct" },
  { title: "none where no_proxy has everything", table: `${ALL}no_proxy = ["*"]\n`, way: "direct" },
  { title: "the one that no_proxy does not except", table: `${ALL}no_proxy = [".api.example.test", "10.0.0.0/8", "example.tes"]\n`, way: "one" },
  { title: "the one for its service (MOCHAT-44)", table: `${ALL}scope = "services"\nservices = ["channel.mochat"]\n`, way: "one" },
  { title: "the one for all channels", table: `${ALL}scope = "services"\nservices = ["transcription.groq", "channel.*"]\n`, way: "one" },
  { title: "none where others are served", table: `${ALL}scope = "services"\nservices = ["channel.qq", "transcription.*"]\n`, way: "direct" },
  { title: "none where enabled is false, whatever the environment says", table: "enabled = false\n", env: { REVKA_HTTPS_PROXY: "ONE", ALL_PROXY: "ONE" }, way: "direct" },
  { title: "REVKA_HTTP_PROXY before the file", table: `${ON}http_proxy = "TWO"\n`, env: { REVKA_HTTP_PROXY: "ONE" }, scheme: "http", way: "one" },
  { title: "the file before HTTP_PROXY", table: `${ON}http_proxy = "ONE"\n`, env: { HTTP_PROXY: "TWO", http_proxy: "TWO" }, scheme: "http", way: "one" },
  { title: "HTTP_PROXY before http_proxy", env: { HTTP_PROXY: "ONE", http_proxy: "TWO" }, scheme: "http", way: "one" },
  { title: "http_proxy of the environment where there is nothing else", env: { http_proxy: "ONE" }, scheme: "http", way: "one" },
  { title: "its own proxy before all of these, whatever no_proxy says (GW-09, MOCHAT-44)", table: `${ON}all_proxy = "TWO"\nno_proxy = ["*"]\n`, env: { REVKA_ALL_PROXY: "TWO" }, own: "ONE", way: "one" },
  { title: "none where its own is direct (GW-09, MOCHAT-44)", table: ALL, own: "direct", way: "direct" },
];

describe.skipIf(whyNoTls !== undefined)("a command's calls take", { timeout: 60_000 }, () => {
  it.each(CASES)("$title", async ({ table = "", env = {}, own, scheme, way }) => {
    const [one, two, { sandbox, arrivals: atTls, ...world }] = [await startSocksProxy(), await startHttpProxy(), await openTlsWorld()];
    const filled = (text: string): string => text.replace("ONE", one.url.href).replace("TWO", two.url.href);
    const plainPort = Number(new URL(sandbox.url).port);
    const [arrivals, apiUrl] = scheme === "http" ? [watchArrivals(plainPort), `http://${world.host}:${plainPort}/mochat`] : [atTls, sandbox.mochat.url];
    const config = join(await tempFolder(), "config.toml");
    await writeFile(config, filled(`[proxy]\n${table}`) + sectionOf(sandbox, "mochat", { api_url: apiUrl, ...(own !== undefined && { proxy_url: filled(own) }) }), { mode: 0o600 });
    const variables = Object.fromEntries(Object.entries(env).map(([name, value]) => [name, filled(value)]));
    const { exitCode, stdout } = await revka(["channel", "doctor", "--json", "--config", config], { env: { ...world.env, ...variables } });
    expect([exitCode, JSON.parse(stdout)]).toMatchObject([0, { channels: [{ name: "mochat", outcome: "healthy" }] }]);
    expect(arrivals.count).toBeGreaterThan(0);
    expect(arrivals.besides(one)).toBe(way === "one" ? 0 : arrivals.count);
    expect(two.targets).toEqual([]);
  });
});
