import type { ChannelCheck } from '../../notify/port.ts';
import type { Configuration } from '../config.ts';

export interface CheckedChannel {
  readonly name: string;
  readonly check: ChannelCheck;
}

/** Signs in to the mail server and calls the portal, where they are configured. Nothing is delivered. */
export async function checkChannels(configuration: Configuration['notify']): Promise<readonly CheckedChannel[]> {
  // Loaded only here: most commands do without.
  const { openChannels } = await import('../compose/channels.ts');
  const checked: CheckedChannel[] = [];
  for (const [name, channel] of openChannels(configuration)) {
    checked.push({ name, check: await channel.check() });
    await channel.close();
  }
  return checked;
}
