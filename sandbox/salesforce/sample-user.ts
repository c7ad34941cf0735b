/** The people and the set-up rows of the sample org: there with and without sample records. */

import { findObject } from './schema/catalogue.ts';
import { OPPORTUNITY_STAGES } from './schema/opportunity-stage.ts';
import { ORG_ID_15 } from './session.ts';
import { completeId } from './store/record-id.ts';
import type { RecordStore, StoredRow } from './store/record-store.ts';
import { storedInstant } from './wire/instant.ts';

interface SampleUser {
  readonly alias: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly title: string;
  /** Alias of the manager, who stands further up in the list. */
  readonly manager: string | null;
}

const USERS: readonly SampleUser[] = [
  { alias: 'vp', firstName: 'Vera', lastName: 'Park', title: 'VP Partnerships', manager: null },
  { alias: 'director', firstName: 'Dario', lastName: 'Reyes', title: 'Director of Channel', manager: 'vp' },
  { alias: 'manager', firstName: 'Mona', lastName: 'Gerber', title: 'Partner Manager', manager: 'director' },
  { alias: 'rep', firstName: 'Robin', lastName: 'Epstein', title: 'Account Executive', manager: 'manager' },
  { alias: 'rep2', firstName: 'Rana', lastName: 'Okafor', title: 'Account Executive', manager: 'manager' },
  { alias: 'integration', firstName: 'Integration', lastName: 'User', title: 'Integration User', manager: null },
];

/** Writes users, organization and stages as of `nowMs`, and gives the users' ids by alias. */
export function writeSetup(store: RecordStore, nowMs: number): ReadonlyMap<string, string> {
  const stamp = storedInstant(nowMs);
  const ids = new Map(USERS.map((user) => [user.alias, store.newId('005')]));
  const by = ids.get('integration') ?? null;
  const stamps = { CreatedDate: stamp, CreatedById: by, LastModifiedDate: stamp, LastModifiedById: by, SystemModstamp: stamp };
  for (const user of USERS) insert(store, 'User', { ...stamps, ...userRow(user, ids) });
  insert(store, 'Organization', {
    ...stamps,
    Id: completeId(ORG_ID_15),
    Name: 'Acme',
    InstanceName: 'SBX1',
    IsSandbox: 1,
    OrganizationType: 'Enterprise Edition',
    LanguageLocaleKey: 'en_US',
    TimeZoneSidKey: 'Etc/UTC',
    Country: 'US',
  });
  for (const [index, stage] of OPPORTUNITY_STAGES.entries()) {
    insert(store, 'OpportunityStage', {
      ...stamps,
      Id: store.newId('01J'),
      MasterLabel: stage.name,
      ApiName: stage.name,
      IsActive: 1,
      SortOrder: index + 1,
      IsClosed: stage.isClosed ? 1 : 0,
      IsWon: stage.isWon ? 1 : 0,
      DefaultProbability: stage.probability,
      ForecastCategoryName: stage.forecastCategory,
    });
  }
  return ids;
}

function userRow(user: SampleUser, ids: ReadonlyMap<string, string>): StoredRow {
  const address = `${user.alias}@acme.example`;
  return {
    Id: ids.get(user.alias) ?? null,
    Username: address,
    Email: address,
    Alias: user.alias,
    FirstName: user.firstName,
    LastName: user.lastName,
    Name: `${user.firstName} ${user.lastName}`,
    Title: user.title,
    IsActive: 1,
    ManagerId: user.manager === null ? null : (ids.get(user.manager) ?? null),
    UserType: 'Standard',
    TimeZoneSidKey: 'Etc/UTC',
    LocaleSidKey: 'en_US',
    LanguageLocaleKey: 'en_US',
    EmailEncodingKey: 'UTF-8',
  };
}

function insert(store: RecordStore, objectName: string, row: StoredRow): void {
  const definition = findObject(store.schema, objectName);
  if (definition === null) throw new Error(`The org has no object ${objectName}`);
  store.insert(definition, row);
}
