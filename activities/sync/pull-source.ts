import type { RemoteRow } from '../../crm/port.ts';
import type { Instant } from '../../program/vocabulary.ts';
import type { KeepRows, Source } from './capture.ts';

/** One record type of a connection on its way in. */
export interface PullSource extends Source {
  readonly keep: KeepRows;
  /** Rows are to come in the order of their stamps also where they come as a job: who made a record first is first. */
  readonly isOrdered: boolean;
  /** Those of the rows, by their ids, that may not be taken any more as they were read at `since`, by the database's clock: they are to be read again. */
  findOutdated(rows: readonly RemoteRow[], since: Instant): Promise<ReadonlySet<string>>;
}
