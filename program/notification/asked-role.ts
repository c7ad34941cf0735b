import type { CaseState } from '../case-life.ts';
import type { RegistrationState } from '../registration-life.ts';
import type { AskedRole } from './claim-event.ts';

/** Who is asked about the claim or its conflict, and until when; null while nobody is. The one place here that knows how a state keeps it. */
export function askedOf({ step }: RegistrationState): AskedRole | null {
  return step === null ? null : { role: step.role, dueAt: step.dueAt };
}

/** Likewise of an extension that was asked for. */
export function askedForExtension({ extension }: RegistrationState): AskedRole | null {
  return extension === null ? null : { role: extension.step.role, dueAt: extension.step.dueAt };
}

/** Likewise of a case: its arbiter. */
export function askedInCase({ step }: CaseState): AskedRole | null {
  return step === null ? null : { role: step.role, dueAt: step.dueAt };
}
