import type { Database } from '../../store/database.ts';

export interface YieldedEdit {
  readonly field: string;
  readonly outcome: string;
  readonly policy: string;
}

/** Which edits of a record yielded, and to which policy, in the order in which that was decided. Throws where the audit does not say the same. */
export async function readYielded(db: Database, id: string): Promise<readonly YieldedEdit[]> {
  const query = db.selectFrom('sync_decision').select(['field', 'outcome', 'policy']).where('local_id', '=', id);
  const yielded = await query.orderBy('id').execute();
  await expectInAudit(db, id, yielded);
  return yielded;
}

/** Every edit that yielded is in the audit too, which is what nobody can change unseen. */
async function expectInAudit(db: Database, id: string, decided: readonly YieldedEdit[]): Promise<void> {
  const outcomes: Readonly<Record<string, string>> = { 'edit written back': 'send', 'own edit given up': 'take' };
  const entries = await db
    .selectFrom('audit_entry')
    .select(['kind', 'details'])
    .where(
      'subject',
      'in',
      ['registration', 'partner', 'opportunity', 'task'].map((objectType) => `${objectType}/${id}`),
    )
    .where('kind', 'in', Object.keys(outcomes))
    .execute();
  const recorded = entries.flatMap(({ kind, details }) =>
    (details as { fields: readonly string[] }).fields.map((field) => `${outcomes[kind]} ${field}`),
  );
  const expected = decided.map(({ field, outcome }) => `${outcome} ${field}`);
  if (recorded.sort().join() !== expected.sort().join())
    throw new Error(`the audit of ${id} has ${recorded.join(', ')}; decided was ${expected.join(', ')}`);
}
