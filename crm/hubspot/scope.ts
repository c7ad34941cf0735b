import type { CrmReach } from '../port.ts';
import { OWNERS } from './object-property.ts';

interface ObjectScopes {
  /** As people and the port call the records. */
  readonly object: string;
  readonly read: readonly string[];
  readonly write: readonly string[];
  readonly provision: readonly string[];
}

/** All of them have the same scopes. */
export const CUSTOM_OBJECTS = 'custom objects';

/**
 * What each kind of records that we work with asks for. Tasks and notes have the scopes of contacts, and all custom objects the same ones.
 * https://developers.hubspot.com/docs/apps/developer-platform/build-apps/authentication/scopes
 */
const OBJECT_SCOPES: readonly ObjectScopes[] = [
  ...(
    [
      ['companies', 'companies'],
      ['deals', 'deals'],
      ['tasks', 'contacts'],
      ['notes', 'contacts'],
    ] as const
  ).map(([object, word]) => ({
    object,
    read: [`crm.objects.${word}.read`],
    write: [`crm.objects.${word}.write`],
    provision: [`crm.schemas.${word}.write`],
  })),
  {
    object: CUSTOM_OBJECTS,
    read: ['crm.objects.custom.read', 'crm.schemas.custom.read'],
    write: ['crm.objects.custom.write'],
    provision: ['crm.schemas.custom.write'],
  },
  // People are only read.
  { object: OWNERS, read: ['crm.objects.owners.read'], write: [], provision: [] },
];

/** What a connection with these scopes reaches, and the names of those that it lacks. */
export function reachOf(granted: readonly string[]): readonly CrmReach[] {
  const lacks = (scopes: readonly string[]) => scopes.filter((scope) => !granted.includes(scope));
  return OBJECT_SCOPES.map(({ object, read, write, provision }) => ({
    object,
    isReadable: lacks(read).length === 0,
    isWritable: write.length > 0 && lacks(write).length === 0,
    isProvisionable: provision.length > 0 && lacks(provision).length === 0,
    missing: lacks([...read, ...write, ...provision]),
  }));
}
