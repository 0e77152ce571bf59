import { createSecureContext, getCACertificates, type SecureContext } from "node:tls";

/** Trusts the system's authorities and, where there is one, this PEM certificate; undefined is Node's own default. */
export function trustBesides(certificate: string | undefined): SecureContext | undefined {
  if (certificate === undefined) return undefined;
  return createSecureContext({ ca: [...getCACertificates("default"), certificate] });
}
