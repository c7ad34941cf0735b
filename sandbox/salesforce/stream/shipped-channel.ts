/** The channels that a Salesforce DX project ships, and their members. Source: Metadata API Developer Guide, "PlatformEventChannel", "PlatformEventChannelMember". */

import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { packageFolder, readMetadataFile } from '../schema/metadata-file.ts';
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

/** What the project at `root` ships; @throws Error that names a file which is not of the format. */
export function readShippedChannels(root: string): ShippedChannels {
  const channels = filesOf(root, 'platformEventChannels', 'platformEventChannel').flatMap(({ file, name }) =>
    readMetadataFile(file, 'PlatformEventChannel', channelFile).channelType === 'data' ? [name] : [],
  );
  const members = filesOf(root, 'platformEventChannelMembers', 'platformEventChannelMember').map(({ file }) => {
    const { eventChannel, selectedEntity, enrichedFields } = readMetadataFile(file, 'PlatformEventChannelMember', memberFile);
    return { channel: eventChannel, event: selectedEntity, enrichedFields: enrichedFields.map((each) => each.name) };
  });
  return { channels, members };
}

function filesOf(root: string, folderName: string, type: string): readonly { readonly file: string; readonly name: string }[] {
  const folder = join(packageFolder(root) ?? root, folderName);
  const suffix = `.${type}-meta.xml`;
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => file.endsWith(suffix))
    .sort()
    .map((file) => ({ file: join(folder, file), name: file.slice(0, -suffix.length) }));
}
