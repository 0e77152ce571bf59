import { wecomDefinition } from "@revka/channel-wecom";
import { parseSection, systemClock, type ChannelDefinition } from "@revka/core";
import { describe, expect, it } from "vitest";
import { trySection, type SectionTrial } from "../../apps/gateway/src/onboarding/probe-section.ts";
import { DEFINITIONS } from "../house/definitions.ts";
import { startHttpProxy } from "../support/http-proxy.ts";
import { startSocksProxy } from "../support/socks-proxy.ts";
import { CHANNELS } from "./all-channels.ts";
import { openTlsWorld, trustTlsWorld, whyNoTls, type TlsWorld } from "./tls-world.ts";

type Name = (typeof CHANNELS)[number];

const ALL: Readonly<Record<Name, ChannelDefinition>> = { ...DEFINITIONS, wecom: wecomDefinition };

/** A section as the wizard tries it, filled in as a person would. */
function trialOf(name: Name, { sandbox }: TlsWorld, keys: Readonly<Record<string, unknown>>): Omit<SectionTrial, "proxyFor"> {
  const definition = ALL[name];
  const section = definition.sections.find((candidate) => candidate.name === name);
  if (section === undefined) throw new TypeError(`${name} has no section`);
  const config = parseSection(section.schema, { ...sandbox.settingsFor(name).values, ...keys }, { path: `channels_config.${name}`, fields: section.fields });
  return { section, definition, config, secrets: [], clock: systemClock };
}

describe.skipIf(whyNoTls !== undefined)("the wizard's check of a section asks the platform of", () => {
  it.each(CHANNELS)("%s through its proxy_url, and through [proxy] without one (GW-09)", async (name) => {
    const [own, shared, world] = [await startHttpProxy(), await startSocksProxy(), await openTlsWorld()];
    trustTlsWorld();
    const proxyFor: SectionTrial["proxyFor"] = (service) => (service === name ? shared.url : "direct");
    expect(await trySection({ ...trialOf(name, world, { proxy_url: own.url.href }), proxyFor }, true)).toMatchObject({ name, outcome: "healthy" });
    expect([own.targets.length > 0, shared.targets.length, world.arrivals.besides(own)]).toEqual([true, 0, 0]);
    expect(await trySection({ ...trialOf(name, world, {}), proxyFor }, true)).toMatchObject({ name, outcome: "healthy" });
    expect([shared.targets.length > 0, world.arrivals.besides(own, shared)]).toEqual([true, 0]);
  });

  it("a proxy that refuses it, and tells why without the password (fault 6)", async () => {
    const [proxy, world] = [await startSocksProxy(), await openTlsWorld()];
    proxy.want("another password");
    const { outcome, detail = "" } = await trySection({ ...trialOf("qq", world, { proxy_url: proxy.url.href }), proxyFor: () => "direct" }, true);
    expect([outcome, detail]).toEqual(["unhealthy", expect.stringContaining("refuses the credentials")]);
    for (const secret of proxy.secrets) expect(detail).not.toContain(secret);
    expect(world.arrivals.count).toBe(0);
  });
});
