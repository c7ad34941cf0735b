/** The channels that were deployed into the org, and their members. Source: Metadata API Developer Guide, "PlatformEventChannel", "PlatformEventChannelMember". */

import { z } from 'zod';
import type { Component } from '../metadata/component.ts';
import { readContent } from '../schema/metadata-file.ts';
import { listOf } from '../screen/element-list.ts';

const channelFile = z.object({ channelType: z.enum(['data', 'event']), label: z.string().optional() });
const memberFile = z.object({
  enrichedFields: listOf(z.object({ name: z.string() })),
  eventChannel: z.string(),
  selectedEntity: z.string(),
});

export interface ShippedMember {
  /** `ChangeEvents`, or the name of a custom channel, which ends in `__chn`. */
  readonly channel: string;
  /** As the member names it: `AccountChangeEvent`, `Deal_Registration__ChangeEvent`. */
  readonly event: string;
  readonly enrichedFields: readonly string[];
}

export interface ShippedChannels {
  /** The custom channels for change events, by name. */
  readonly channels: readonly string[];
  readonly members: readonly ShippedMember[];
}

/** What `components` say of channels; @throws Error that names a component which is not of the format. */
export function shippedChannelsOf(components: Iterable<Component>): ShippedChannels {
  const all = [...components];
  const channels = all.flatMap((component) =>
    component.type === 'PlatformEventChannel' && readContent(component, channelFile).channelType === 'data' ? [component.fullName] : [],
  );
  const members = all.flatMap((component) => {
    if (component.type !== 'PlatformEventChannelMember') return [];
    const { eventChannel, selectedEntity, enrichedFields } = readContent(component, memberFile);
    return [{ channel: eventChannel, event: selectedEntity, enrichedFields: enrichedFields.map((each) => each.name) }];
  });
  return { channels, members };
}
