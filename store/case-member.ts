import type { RegistrationStatus } from '../program/vocabulary.ts';
import type { Database, Transaction } from './database.ts';

/** A registration as a case shows it. */
export interface CaseRegistration {
  readonly caseId: string;
  readonly registrationId: string;
  readonly partnerId: string;
  readonly status: RegistrationStatus;
}

/** The registrations of all these cases at once, in the order of receipt. */
export async function readCaseRegistrations(db: Database | Transaction, caseIds: readonly string[]): Promise<readonly CaseRegistration[]> {
  if (caseIds.length === 0) return [];
  const rows = await db
    .selectFrom('conflict_case_registration')
    .innerJoin('registration', 'registration.id', 'conflict_case_registration.registration_id')
    .select(['case_id', 'registration_id', 'partner_id', 'status'])
    .where('case_id', 'in', [...caseIds])
    .orderBy('registration.sequence')
    .execute();
  return rows.map((row) => ({
    caseId: row.case_id,
    registrationId: row.registration_id,
    partnerId: row.partner_id,
    status: row.status as RegistrationStatus,
  }));
}
