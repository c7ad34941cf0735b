import { leadingStep, type Approval } from '../approval/approval.ts';
import type { CaseState } from '../case-life.ts';
import type { RegistrationState } from '../registration-life.ts';
import type { AskedRole } from './claim-event.ts';

/** Who is asked about the claim or its conflict, and until when; null while nobody is. Of several who are asked at once, whoever has to answer first. */
export function askedOf({ approval }: RegistrationState): AskedRole | null {
  return askedIn(approval);
}

/** Likewise of an extension that was asked for. */
export function askedForExtension({ extension }: RegistrationState): AskedRole | null {
  return askedIn(extension?.approval ?? null);
}

/** Likewise of a case: its arbiter. */
export function askedInCase({ approval }: CaseState): AskedRole | null {
  return askedIn(approval);
}

function askedIn(approval: Approval | null): AskedRole | null {
  if (approval === null) return null;
  const { role, dueAt } = leadingStep(approval);
  return { role, dueAt };
}
