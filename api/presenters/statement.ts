import type { CaseStatement } from '../../store/case-statement.ts';
import type { StatementAnswer } from '../schemas/case.ts';

export function presentStatement({ id, registrationId, by, text, evidence, at }: CaseStatement): StatementAnswer {
  return { id, registrationId, by, text, evidence: [...evidence], at };
}
