import type { Program } from '../../program/definition/program.ts';
import { refuse, type Refusal } from '../../program/failures.ts';
import { bringsSomethingNew, type Piece } from '../../program/new-evidence.ts';
import { readStatementsFor } from '../../store/case-statement.ts';
import { readAppeals, type StoredCommand } from '../../store/command.ts';
import type { Transaction } from '../../store/database.ts';
import type { Registration } from '../../store/registration.ts';

/**
 * Whether an appeal brings nothing that was not there before: with the registration, in its statements, or in an earlier appeal. Null where it brings something, or the
 * program does not ask for it. What other sides said is not looked at, since the answer would tell of it.
 */
export async function refusalOfEvidence(
  trx: Transaction,
  { appeal }: Pick<Program, 'appeal'>,
  registration: Registration,
  stored: StoredCommand | null,
): Promise<Refusal | null> {
  if (!appeal.needsNewEvidence) return null;
  const brought = piecesOf(stored?.amendment ?? null);
  const statements = await readStatementsFor(trx, registration.registrationId);
  const appeals = await readAppeals(trx, registration.registrationId);
  const known = [
    registration.description,
    ...registration.evidence,
    ...statements.flatMap(({ text, evidence }) => [text, ...evidence]),
    ...appeals.flatMap(({ comment, amendment }) => [comment, ...piecesOf(amendment)]),
  ];
  if (bringsSomethingNew(brought, known)) return null;
  return refuse(
    'EVIDENCE_NOT_NEW',
    'An appeal is heard on new evidence only, and everything that this one brings was there before: with the registration, in a statement, or in an earlier appeal.',
  );
}

/** What an appeal rests on, as it was stored beside the command. */
export function piecesOf(amendment: object | null): readonly Piece[] {
  const { evidence } = (amendment ?? {}) as { readonly evidence?: unknown };
  return Array.isArray(evidence) ? evidence : [];
}
