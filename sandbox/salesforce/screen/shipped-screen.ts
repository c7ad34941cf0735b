/** What the shipped project says of how an object's records are shown: list views, layout, buttons and related lists. */

import type { z } from 'zod';
import type { Component } from '../metadata/component.ts';
import type { Schema } from '../schema/catalogue.ts';
import type { SObjectDefinition } from '../schema/definition.ts';
import { readContent } from '../schema/metadata-file.ts';
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
 * The screens among `components`, whose objects are `shipped`.
 *
 * @throws Error that names the component which is not of the format.
 */
export function shippedScreensOf(components: readonly Component[], shipped: readonly ShippedObject[], schema: Schema): ShippedScreens {
  const screens = [...schema.values()].map((definition): readonly [string, ShippedScreen] => {
    const layout = readAll(components, 'Layout', `${definition.name}-`, layoutFile)[0];
    const shown = layout === undefined ? null : layoutOf(schema, definition, layout.content);
    return [
      definition.name,
      {
        listViews: readAll(components, 'ListView', `${definition.name}.`, listViewFile).map((each) => listViewOf(definition, each.content)),
        layout: shown,
        actions: actionsOf(components, schema, definition, shown),
        relatedLists: relatedListsOf(definition, shipped, shown),
      },
    ];
  });
  return Object.fromEntries(screens.filter(([, screen]) => Object.values(screen).some((part) => part !== null && part.length !== 0)));
}

/** In the order of the layout, which may leave some out; all of them by name where it does not speak of buttons. */
function actionsOf(
  components: readonly Component[],
  schema: Schema,
  definition: SObjectDefinition,
  layout: Layout | null,
): readonly QuickAction[] {
  const shipped = readAll(components, 'QuickAction', `${definition.name}.`, quickActionFile);
  const actions = shipped.flatMap(({ name, content }) => quickActionOf(schema, definition.name, name, content) ?? []);
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

interface NamedContent<Content> {
  readonly name: string;
  readonly content: Content;
}

/** The components of `type` whose names begin with `prefix`, in the order of their names. */
function readAll<Content>(
  components: readonly Component[],
  type: string,
  prefix: string,
  shape: z.ZodType<Content>,
): readonly NamedContent<Content>[] {
  return components
    .filter((each) => each.type === type && each.fullName.startsWith(prefix))
    .toSorted((a, b) => (a.fullName < b.fullName ? -1 : 1))
    .map((each) => ({ name: each.fullName, content: readContent(each, shape) }));
}
