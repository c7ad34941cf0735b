/** What the shipped project says of how an object's records are shown: list views, layout, buttons and related lists. */

import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { z } from 'zod';

import type { Schema } from '../schema/catalogue.ts';
import type { SObjectDefinition } from '../schema/definition.ts';
import { packageFolder, readMetadataFile } from '../schema/metadata-file.ts';
import type { ShippedObject } from '../schema/metadata-file.ts';
import { layoutFile, layoutOf } from './layout.ts';
import type { Layout } from './layout.ts';
import { listViewFile, listViewOf } from './list-view.ts';
import type { ListView } from './list-view.ts';
import { quickActionFile, quickActionOf } from './quick-action.ts';
import type { QuickAction } from './quick-action.ts';

export interface RelatedList {
  readonly label: string;
  readonly object: string;
  /** The lookup of `object` that leads here. */
  readonly field: string;
  /** Names of fields; null where the layout does not say. */
  readonly columns: readonly string[] | null;
}

export interface ShippedScreen {
  readonly listViews: readonly ListView[];
  /** The first layout in the order of their names; null where the project ships none. */
  readonly layout: Layout | null;
  readonly actions: readonly QuickAction[];
  readonly relatedLists: readonly RelatedList[];
}

/** Keyed by the object's name; only objects of which something is shipped. */
export type ShippedScreens = Readonly<Record<string, ShippedScreen>>;

/**
 * Reads the screens of the project at `root`, whose objects are `shipped`.
 *
 * @throws Error that names the file which is not of the format.
 */
export function readShippedScreens(root: string, shipped: readonly ShippedObject[], schema: Schema): ShippedScreens {
  const folder = packageFolder(root);
  if (folder === null) return {};
  const screens = [...schema.values()].map((definition): readonly [string, ShippedScreen] => {
    const layout = readFiles(join(folder, 'layouts'), `${definition.name}-`, 'layout', 'Layout', layoutFile)[0];
    const shown = layout === undefined ? null : layoutOf(schema, definition, layout.content);
    return [
      definition.name,
      {
        listViews: readFiles(join(folder, 'objects', definition.name, 'listViews'), '', 'listView', 'ListView', listViewFile).map((each) =>
          listViewOf(definition, each.content),
        ),
        layout: shown,
        actions: readActions(folder, schema, definition, shown),
        relatedLists: relatedListsOf(definition, shipped, shown),
      },
    ];
  });
  return Object.fromEntries(screens.filter(([, screen]) => Object.values(screen).some((part) => part !== null && part.length !== 0)));
}

/** In the order of the layout, which may leave some out; all of them by name where it does not speak of buttons. */
function readActions(folder: string, schema: Schema, definition: SObjectDefinition, layout: Layout | null): readonly QuickAction[] {
  const files = readFiles(join(folder, 'quickActions'), `${definition.name}.`, 'quickAction', 'QuickAction', quickActionFile);
  const actions = files.flatMap(({ name, content }) => quickActionOf(schema, definition.name, name, content) ?? []);
  const order = layout?.actionNames ?? null;
  return order === null ? actions : order.flatMap((name) => actions.find((action) => action.name === name) ?? []);
}

/** A shipped lookup says how the list of its records is called at the other end, and the layout there may say what it shows. */
function relatedListsOf(definition: SObjectDefinition, shipped: readonly ShippedObject[], layout: Layout | null): readonly RelatedList[] {
  return shipped.flatMap(({ name, fields }) => {
    const object = name === 'Activity' ? 'Task' : name;
    return fields
      .filter((field) => field.referenceTo === definition.name && field.relationshipLabel !== undefined)
      .map(({ relationshipLabel = name, fullName }) => {
        const columns = layout?.relatedColumns.find((list) => list.object === object && list.field === fullName)?.columns ?? null;
        return { label: relationshipLabel, object, field: fullName, columns };
      });
  });
}

interface NamedFile<Content> {
  /** The file's name without its ending. */
  readonly name: string;
  readonly content: Content;
}

function readFiles<Content>(
  folder: string,
  prefix: string,
  suffix: string,
  root: string,
  shape: z.ZodType<Content>,
): readonly NamedFile<Content>[] {
  if (!existsSync(folder)) return [];
  const ending = `.${suffix}-meta.xml`;
  return readdirSync(folder)
    .filter((file) => file.startsWith(prefix) && file.endsWith(ending))
    .sort()
    .map((file) => ({ name: file.slice(0, -ending.length), content: readMetadataFile(join(folder, file), root, shape) }));
}
