import { sql, type RawBuilder } from 'kysely';
import { recordAudit } from '../../store/audit.ts';
import { storeCaseCommand } from '../../store/case-command.ts';
import { sealEntries } from '../../store/audit-seal.ts';
import type { Database } from '../../store/database.ts';
import type { AuditFault } from '../../store/audit-fault.ts';
import { MONDAY, type DecisionStage } from './decision-stage.ts';

/** A small history of everything that is recorded: decided claims and a case of which all is sealed, and what came since. */
export interface AuditHistory {
  /** Received (1), judged (2), asked for with a comment (3), approved (4): sealed. Two notes (5, 6): not sealed yet. */
  readonly decided: string;
  /** Received (1), judged (2), amended by values (3 asked, 4 amended, 5 judged): sealed. */
  readonly amended: string;
  /** Received (1), judged (2): sealed. */
  readonly short: string;
  /** The conflict of `short`: opened (1), asked to be settled with a comment (2): sealed. */
  readonly conflict: string;
}

/** Writes such a history. The subjects are named as the audit names them. */
export async function writeHistory(stage: DecisionStage): Promise<AuditHistory> {
  const { db } = stage;
  const medium = { estimatedValue: { amount: '60000.00', currency: 'USD' } };
  const decided = (await stage.receiveAndEvaluate({ ...medium, customer: { name: 'Umbra Works', domain: 'umbra.example' } }))
    .registrationId;
  const approve = { kind: 'decide', decision: 'approve', actor: 'manager' } as const;
  await stage.command(decided, approve, { commandId: 'api:approval', comment: 'A known customer — go ahead.' });
  const amended = (await stage.receiveAndEvaluate({ ...medium, customer: { name: 'Solaris Labs', domain: 'solaris.example' } }))
    .registrationId;
  const amendment = { description: 'a larger deal', estimatedValue: { amount: '70000.00', currency: 'USD' } };
  await stage.command(amended, { kind: 'amend', actor: 'partner' }, { commandId: 'api:amendment', amendment });
  const short = await stage.receiveAndEvaluate({ customer: { name: 'Umbra Works', domain: null } });
  const caseId = short.state.caseId ?? 'none';
  const resolution = { outcome: 'uphold', registrationId: null, actor: 'manager' } as const;
  await storeCaseCommand(db, caseId, { commandId: 'api:resolution', command: resolution, comment: 'The first partner keeps it.' }, MONDAY);
  await sealAll(db);
  const subjects = {
    decided: `registration/${decided}`,
    amended: `registration/${amended}`,
    short: `registration/${short.registrationId}`,
    conflict: `case/${caseId}`,
  };
  for (const kind of ['first note', 'second note'])
    await recordAudit(db, { subject: subjects.decided, kind, actor: 'program', details: { number: 1 }, at: MONDAY });
  return subjects;
}

export async function sealAll(db: Database): Promise<number> {
  for (let sealed = 0; ;) {
    const done = await sealEntries(db, 1_000);
    if (done === null || done.sealed === 0) return sealed;
    sealed += done.sealed;
  }
}

/** What somebody does who owns the database: no trigger stands in the way. */
export async function tamper(db: Database, ...statements: readonly RawBuilder<unknown>[]): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await sql`set local session_replication_role = replica`.execute(trx);
    for (const statement of statements) await statement.execute(trx);
  });
}

/** A fault as tests name it: what, of whom, at which positions. */
export function nameOf({ kind, subject, position, until }: AuditFault): string {
  const at = position === null ? '' : ` ${position}`;
  return `${kind} ${subject ?? 'seals'}${at}${until === undefined || until === position ? '' : `–${until}`}`;
}

/** Writes the chain of a subject anew from a position on, as it would be of the entries that stand there now: hashes and head fit, seals do not. */
export function rechain(subject: string, from: number): readonly RawBuilder<unknown>[] {
  return [
    sql`do ${sql.raw(`$$
      declare
        one record;
        before bytea;
      begin
        before := coalesce((select hash from audit_entry where subject = '${subject}' and position = ${from} - 1), decode(repeat('00', 32), 'hex'));
        for one in select * from audit_entry where subject = '${subject}' and position >= ${from} order by position loop
          update audit_entry set previous = before, hash = audit_entry_hash(before, subject, position, at, kind, actor, details) where id = one.id
            returning hash into before;
        end loop;
        update audit_head set position = (select max(position) from audit_entry where subject = '${subject}'), hash = before where subject = '${subject}';
      end $$`)}`,
  ];
}
