import type { Logger } from 'pino';
import type { CrmPort } from '../../crm/port.ts';
import type { Program } from '../../program/definition/program.ts';
import type { ProgramShelf } from '../../program/program-shelf.ts';
import type { Instant } from '../../program/vocabulary.ts';
import type { WorkingCalendar } from '../../program/working-time.ts';
import type { ConversionMapping } from '../../mappings/conversion-mapping.ts';
import type { CrmMapping } from '../../mappings/crm-mapping.ts';
import type { Channel } from '../../notify/port.ts';
import type { Database } from '../../store/database.ts';
import type { CallShares } from '../sync/call-share.ts';

/**
 * A CRM as the activities see it: the port, and what its fields mean. `conversion`: what we write on its opportunities; missing where nothing can be. `shares` of the
 * CRM's calls, and from how many records on a job of the CRM carries them: the default ones where they are missing.
 */
export interface Connection {
  readonly port: CrmPort;
  readonly mapping: CrmMapping;
  readonly conversion?: ConversionMapping;
  readonly shares?: CallShares;
  /** False where changes are only polled, although the CRM would tell of them. */
  readonly isListenedTo?: boolean;
  readonly bulkFrom?: number;
}

export interface ActivityDependencies {
  readonly db: Database;
  readonly programs: ProgramShelf;
  /** The calendar of this id; the program's default one where none is named. */
  readonly calendarOf: (program: Program, calendarId?: string) => WorkingCalendar;
  readonly freeMailDomains: ReadonlySet<string>;
  readonly connections: ReadonlyMap<string, Connection>;
  /** The ways out for messages, by name. What a missing one would have sent is kept on record as skipped. */
  readonly channels?: ReadonlyMap<string, Channel>;
  readonly now: () => Instant;
  readonly newId: () => string;
  readonly log: Logger;
}
