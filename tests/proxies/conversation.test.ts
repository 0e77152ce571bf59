import type { Agent } from "@revka/gateway";
import { describe, expect, it } from "vitest";
import { openRunningHouse } from "../house/house.ts";
import { echoesOf, everybodySays } from "../house/talk.ts";
import { KINDS } from "./kinds.ts";
import { PEERS } from "./peers.ts";
import { throughProxy } from "./through-proxy.ts";

/** Many packets long. */
const PICTURE = Buffer.concat([Buffer.from("89504e470d0a1a0a", "hex")], 300_000);

/** Says what it reads, files and all. */
function createMirror(): Agent & { readonly readings: readonly string[] } {
  const readings: string[] = [];
  return {
    kind: "mirror",
    outboundMarkers: true,
    readings,
    async *turn({ message: { rendered } }) {
      readings.push(rendered);
      yield await Promise.resolve({ kind: "done", text: rendered });
    },
  };
}

describe.each(KINDS)("a proxy_url of %s with user and password", (_kind, startProxy) => {
  it.each(PEERS)("has a whole conversation with $peer.name go through it, pictures both ways where there are any, and nothing around it (GW-09, $rows)", async ({ peer, pictures }) => {
    const proxy = await startProxy();
    const { peer: proxied, arrivals } = throughProxy(peer, () => proxy);
    const agent = createMirror();
    const { sandbox, platform, ...house } = await openRunningHouse(proxied, { agent });
    const said = await everybodySays(platform, 2, ["first", "second"]);
    await house.echoed(said);
    expect(platform.answers()).toEqual(echoesOf(said));
    if (pictures !== undefined) {
      pictures.send(sandbox, PICTURE);
      expect(await pictures.posted(sandbox)).toBe(PICTURE.length);
      expect(agent.readings.at(-1)).toBe(`[IMAGE:data:image/png;base64,${PICTURE.toString("base64")}]`);
    }
    await house.stop();
    expect(arrivals().count).toBeGreaterThan(0);
    expect(arrivals().besides(proxy)).toBe(0);
    expect(proxy.targets).toHaveLength(arrivals().count);
    const { hostname: host, port } = new URL(sandbox.url);
    for (const target of proxy.targets) expect(target).toEqual({ host, port: Number(port), form: "address" });
  });
});
