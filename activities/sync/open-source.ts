import type { ObjectType } from '../../program/vocabulary.ts';
import type { ActivityDependencies, Connection } from '../decision/dependencies.ts';
import { laneOf } from './lane.ts';
import { opportunityRecords } from './opportunity-record.ts';
import { partnerRecords } from './partner-record.ts';
import { mirrorSource } from './pull-mirror.ts';
import { opportunitySource } from './pull-opportunity.ts';
import { twoWaySource } from './pull-page.ts';
import type { PullSource } from './pull-source.ts';
import { registrationRecords } from './registration-record.ts';
import { taskRecords } from './task-record.ts';

export const TWO_WAY = {
  partner: partnerRecords,
  registration: registrationRecords,
  opportunity: opportunityRecords,
  task: taskRecords,
} as const;

export function isTwoWay(objectType: ObjectType): objectType is keyof typeof TWO_WAY {
  return objectType in TWO_WAY;
}

export async function openSource(
  deps: ActivityDependencies,
  name: string,
  connection: Connection,
  objectType: ObjectType,
): Promise<PullSource> {
  switch (objectType) {
    case 'partner':
    case 'registration':
    case 'task':
      return twoWaySource(laneOf(deps, name, connection, TWO_WAY[objectType]));
    case 'opportunity':
      return opportunitySource(deps, name, connection);
    case 'user':
    case 'account':
      return mirrorSource(deps, name, connection, objectType);
  }
}
