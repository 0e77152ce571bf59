/** Turns that run at once where the operator sets no `max_in_flight`: four per channel, between 8 and 64. */
export function turnsAtOnce(channelCount: number): number {
  return Math.min(Math.max(channelCount * 4, 8), 64);
}
