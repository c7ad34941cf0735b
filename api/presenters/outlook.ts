import type { z } from 'zod';
import { leadingStep } from '../../program/approval/approval.ts';
import { outlookOf } from '../../program/outlook.ts';
import { protectionWindow, windowLength } from '../../program/protection.ts';
import { isUndecided, type ProtectionWindow } from '../../program/registration-life.ts';
import type { Program } from '../../program/definition/program.ts';
import type { Instant } from '../../program/vocabulary.ts';
import { readPartners } from '../../store/partner.ts';
import type { Registration } from '../../store/registration.ts';
import type { ApiDependencies } from '../dependencies.ts';
import type { outlookAnswer } from '../schemas/outlook.ts';

type OutlookDependencies = Pick<ApiDependencies, 'db' | 'programs' | 'calendarOf' | 'now'>;

/** What follows when for a registration, by the version of the program it is pinned to. */
export async function outlookFor(deps: OutlookDependencies, registration: Registration): Promise<z.output<typeof outlookAnswer>> {
  const now = deps.now();
  const { registrationId, state } = registration;
  const program = deps.programs.byVersion(registration.programVersion) ?? deps.programs.current();
  const approval = state.approval ?? state.extension?.approval ?? state.transfer?.approval ?? null;
  const labelOf = (role: string): string => program.governance.roles.find(({ id }) => id === role)?.label ?? role;
  const outlook = outlookOf(program, {
    now,
    protection: isUndecided(state.status) ? await windowIfApproved(deps, program, registration, now) : null,
    steps: (approval?.steps ?? []).map(({ name, dueAt }) => ({ label: labelOf(name), dueAt })),
    acknowledgeBy: approval?.acknowledgement?.at === null ? approval.acknowledgement.dueAt : null,
    decideBy: approval === null ? null : (approval.whole?.dueAt ?? leadingStep(approval).dueAt),
  });
  return { registrationId, asOf: now, outlook: [...outlook] };
}

/** Null where the program does not say for how long: a person who approves grants the general time. */
async function windowIfApproved(
  deps: OutlookDependencies,
  program: Program,
  registration: Registration,
  now: Instant,
): Promise<ProtectionWindow | null> {
  const [partner] = await readPartners(deps.db, [registration.partnerId]);
  if (partner === undefined) return null;
  const { kind, window } = windowLength(program, registration, partner);
  if (kind === 'unclear') return null;
  return protectionWindow(program, deps.calendarOf(program), window, { submittedAt: registration.submittedAt, approvedAt: now });
}
