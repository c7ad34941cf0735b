import { z } from 'zod';
import type { ChangeHint } from '../../port.ts';
import { associationFieldName } from '../association-field.ts';
import { BUILT_IN } from '../built-in-object.ts';
import { OWNERS } from '../object-property.ts';

/**
 * Events of a webhook as hints. They come in no order, more than once, and one property of one record at a time, so nothing of them is believed but which record it is.
 * https://developers.hubspot.com/docs/api-reference/webhooks/guide
 */

/** Ids are numbers on the wire; of one that a number does not hold exactly nothing is known. */
const id = z.int().min(1).transform(String);

const common = {
  subscriptionType: z.string(),
  /** Epoch milliseconds; none that a date cannot hold. */
  occurredAt: z.int().min(0).max(8_640_000_000_000_000),
  portalId: z.int().nullish(),
  appId: z.int().nullish(),
  changeSource: z.string().nullish(),
  sourceId: z.string().nullish(),
  objectTypeId: z.string().nullish(),
};

const ofRecord = z.looseObject({ ...common, objectId: id, propertyName: z.string().nullish() });
const ofMerge = z.looseObject({ ...common, primaryObjectId: id, mergedObjectIds: z.array(id).max(1_000), newObjectId: id.nullish() });
const ofAssociation = z.looseObject({
  ...common,
  fromObjectId: id,
  toObjectId: id,
  /** Of generic events. */
  fromObjectTypeId: z.string().nullish(),
  toObjectTypeId: z.string().nullish(),
  /** Of the others, such as `DEAL_TO_COMPANY`. */
  associationType: z.string().nullish(),
});

const WHAT = {
  creation: 'created',
  propertyChange: 'updated',
  deletion: 'deleted',
  privacyDeletion: 'deleted',
  restore: 'undeleted',
} as const satisfies Readonly<Record<string, ChangeHint['what']>>;

/** The word by which event types name an object that has types of its own; all others are `object`. */
const WORDS: Readonly<Record<string, string>> = { company: '0-2', contact: '0-1', deal: '0-3' };
const CUSTOM_TYPE = /^2-\d+$/;
const NOT_CUSTOM: ReadonlySet<string> = new Set([...Object.values(BUILT_IN), OWNERS]);

export interface EventsAbout {
  /** The objects that are read, by the names that records are asked for. */
  readonly objects: readonly string[];
  /** The one portal whose events count; null for any. */
  readonly portalId: number | null;
}

export interface ReadEvents {
  readonly hints: readonly ChangeHint[];
  /** Events that hint at nothing, by why. */
  readonly passedOver: {
    /** Of a kind, or an object, that nobody here knows. */
    readonly unknown: number;
    /** Of another portal that has the same app. */
    readonly foreign: number;
    /** Not of the form that HubSpot describes. */
    readonly unreadable: number;
  };
}

/**
 * What the events of a delivery hint at. Changes that the app itself made are marked as our own.
 *
 * Events of custom objects name the type by a number of the portal's, which only a call could resolve: they count for every custom object among `objects`.
 */
export function readWebhookEvents(events: readonly unknown[], about: EventsAbout): ReadEvents {
  const hints: ChangeHint[] = [];
  const passedOver = { unknown: 0, foreign: 0, unreadable: 0 };
  for (const event of events) {
    const told = hintsOf(event, about);
    if (typeof told === 'string') passedOver[told] += 1;
    else if (told.length === 0) passedOver.unknown += 1;
    else hints.push(...told);
  }
  return { hints, passedOver };
}

function hintsOf(event: unknown, about: EventsAbout): readonly ChangeHint[] | keyof ReadEvents['passedOver'] {
  const type = z.looseObject(common).safeParse(event);
  if (!type.success) return 'unreadable';
  const { portalId, subscriptionType, objectTypeId } = type.data;
  if (about.portalId !== null && typeof portalId === 'number' && portalId !== about.portalId) return 'foreign';
  const [word = '', kind = ''] = subscriptionType.split('.');
  const objects = objectsOf(word === 'object' ? objectTypeId : WORDS[word], about.objects);
  switch (kind) {
    case 'creation':
    case 'propertyChange':
    case 'deletion':
    case 'privacyDeletion':
    case 'restore': {
      const parsed = ofRecord.safeParse(event);
      if (!parsed.success) return 'unreadable';
      const { objectId, propertyName } = parsed.data;
      const fields = typeof propertyName === 'string' ? [propertyName] : [];
      return objects.map((object) => hintOf(parsed.data, { object, ids: [objectId], what: WHAT[kind], fields }));
    }
    case 'merge': {
      const parsed = ofMerge.safeParse(event);
      if (!parsed.success) return 'unreadable';
      const { primaryObjectId, mergedObjectIds } = parsed.data;
      const survivor = parsed.data.newObjectId ?? primaryObjectId;
      const gone = [...new Set([primaryObjectId, ...mergedObjectIds])].filter((each) => each !== survivor);
      // A hint without an id would mean every record of the object.
      const ofGone = gone.length === 0 ? [] : [{ ids: gone, what: 'deleted', fields: [] } as const];
      const told = [...ofGone, { ids: [survivor], what: 'updated', fields: [] } as const];
      return objects.flatMap((object) => told.map((each) => hintOf(parsed.data, { object, ...each })));
    }
    case 'associationChange':
      return associationHints(event, about);
    default:
      return 'unknown';
  }
}

/** Both sides are hinted at: which of them an app subscribed to is not asked. */
function associationHints(event: unknown, about: EventsAbout): readonly ChangeHint[] | 'unreadable' {
  const parsed = ofAssociation.safeParse(event);
  if (!parsed.success) return 'unreadable';
  const { fromObjectId, toObjectId, fromObjectTypeId, toObjectTypeId, associationType } = parsed.data;
  const [fromWord = '', toWord = ''] = (associationType ?? '').toLowerCase().split('_to_');
  const from = objectsOf(fromObjectTypeId ?? WORDS[fromWord], about.objects);
  const to = objectsOf(toObjectTypeId ?? WORDS[toWord], about.objects);
  const sides = from.flatMap((one) => to.map((other) => ({ one, other })));
  return sides.flatMap(({ one, other }) => [
    hintOf(parsed.data, { object: one, ids: [fromObjectId], what: 'associated', fields: [associationFieldName(other, null)] }),
    hintOf(parsed.data, { object: other, ids: [toObjectId], what: 'associated', fields: [associationFieldName(one, null)] }),
  ]);
}

function objectsOf(typeId: string | null | undefined, objects: readonly string[]): readonly string[] {
  if (typeof typeId !== 'string') return [];
  const builtIn = BUILT_IN[typeId];
  if (builtIn !== undefined) return objects.includes(builtIn) ? [builtIn] : [];
  return CUSTOM_TYPE.test(typeId) ? objects.filter((object) => !NOT_CUSTOM.has(object)) : [];
}

type Common = z.output<z.ZodObject<typeof common>>;

function hintOf({ occurredAt, changeSource, sourceId, appId }: Common, told: Omit<ChangeHint, 'at' | 'isOwn'>): ChangeHint {
  const isOwn = changeSource === 'INTEGRATION' && typeof appId === 'number' && sourceId === String(appId);
  return { ...told, at: new Date(occurredAt).toISOString(), isOwn };
}
