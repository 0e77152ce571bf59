import { isLoopback, ProtocolError, redactUrl, type ChannelContext } from "@revka/core";
import { isWithin, type QqSettings } from "./config.ts";

/** Of all the platform's own hosts. */
const DOMAIN = "qq.com";

/**
 * The gateway's address, if a token may go there: over TLS, but on this machine; and at the platform itself to one of its
 * own hosts.
 *
 * @throws ProtocolError when it may not.
 */
export function takeGatewayUrl(address: string, { baseUrl }: Pick<QqSettings, "baseUrl">, { instance: channel }: Pick<ChannelContext, "instance">): URL {
  const url = URL.parse(address);
  const excerpt = redactUrl(address);
  const isSecure = url?.protocol === "wss:" || (url?.protocol === "ws:" && isLoopback(url));
  if (url === null || !isSecure) {
    throw new ProtocolError(`Refusing to transmit sensitive data over non-HTTPS URL: URL scheme must be https (the gateway gave ${excerpt})`, { channel, excerpt });
  }
  const isForeign = isWithin(baseUrl, DOMAIN) && !isWithin(url, DOMAIN);
  if (isForeign) throw new ProtocolError(`QQ: the gateway's address is not one of the platform's: ${excerpt}`, { channel, excerpt });
  return url;
}
