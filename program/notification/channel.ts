const HOUR_MS = 3_600_000;

/**
 * The ways by which messages leave.
 *
 * `isOrdered`: an undelivered message holds back the later ones of the same claim to the same recipient. What was not taken `giveUpAfterMs` after it was queued, or after
 * somebody had it tried again, is given up. The webhooks' three days are what https://www.standardwebhooks.com recommends: several days, with a growing pause.
 */
export const CHANNELS = {
  webhook: { isOrdered: true, giveUpAfterMs: 72 * HOUR_MS },
  email: { isOrdered: false, giveUpAfterMs: 24 * HOUR_MS },
} as const satisfies Readonly<Record<string, { readonly isOrdered: boolean; readonly giveUpAfterMs: number }>>;

export type ChannelName = keyof typeof CHANNELS;

export function isChannelName(name: string): name is ChannelName {
  return Object.hasOwn(CHANNELS, name);
}
