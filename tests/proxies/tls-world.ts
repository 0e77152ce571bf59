import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { connect, type AddressInfo } from "node:net";
import { join } from "node:path";
import { createServer, getCACertificates, setDefaultCACertificates } from "node:tls";
import { startSandbox, type Sandbox } from "@revka/sandbox";
import { onTestFinished } from "vitest";
import { createCertificate } from "../../packages/core/src/fixtures/certificate.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { watchArrivals, type Arrivals } from "./arrivals.ts";
import { ENVIRONMENT } from "./environment.ts";

const certificate = createCertificate();

/** Why there is no TLS here; undefined when there is. */
export const whyNoTls = certificate === undefined ? "there is no openssl on this machine to make a certificate with" : undefined;
if (whyNoTls !== undefined) process.stderr.write(`Proxies are not tested with TLS: ${whyNoTls}\n`);

/** The platforms as they are in the world: by a name, and over TLS. Any name below `example.test` leads to them. */
export interface TlsWorld {
  readonly sandbox: Sandbox;
  /** The name that the platforms call themselves by. */
  readonly host: string;
  readonly port: number;
  /** What a process needs to trust them, and to find them if it looks for them itself. */
  readonly env: Readonly<Record<string, string>>;
  /** At their port. */
  readonly arrivals: Arrivals;
}

/** Opens it for the test that runs. */
export async function openTlsWorld(): Promise<TlsWorld> {
  const folder = await tempFolder();
  const ca = join(folder, "ca.pem");
  await writeFile(ca, certificate?.cert ?? "");
  const front = createServer({ ...certificate, ALPNProtocols: ["http/1.1"] });
  await once(front.listen(0, "127.0.0.1"), "listening");
  const { port } = front.address() as AddressInfo;
  const host = "api.example.test";
  const sandbox = await startSandbox({ publicUrl: `https://${host}:${port}` });
  const behind = Number(new URL(sandbox.url).port);
  front.on("secureConnection", (client) => {
    const upstream = connect(behind, "127.0.0.1");
    for (const [side, other] of [[client, upstream], [upstream, client]] as const) side.on("error", () => other.destroy()).on("close", () => other.destroy());
    client.pipe(upstream).pipe(client);
  });
  onTestFinished(async () => {
    front.close();
    await sandbox.close();
  });
  return { sandbox, host, port, arrivals: watchArrivals(port), env: { ...ENVIRONMENT, NODE_EXTRA_CA_CERTS: ca } };
}

/** Has this process trust it, until the test is over. */
export function trustTlsWorld(): void {
  const before = getCACertificates("default");
  onTestFinished(() => setDefaultCACertificates(before));
  setDefaultCACertificates([...before, certificate?.cert ?? ""]);
}
