/** Whether a `Host` or `Origin` header names this machine, with any port. */
export function isLoopback(value: string): boolean {
  const url = URL.parse(value.includes("://") ? value : `http://${value}`);
  if (url === null) return false;
  return url.hostname === "localhost" || url.hostname === "[::1]" || /^127(\.\d+){3}$/.test(url.hostname);
}
