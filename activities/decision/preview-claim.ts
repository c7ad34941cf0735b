import type { ClaimSnapshot } from '../../program/claim.ts';
import { normalizeCustomerName } from '../../program/customer-name.ts';
import type { Program } from '../../program/definition/program.ts';
import { judgeClaim } from '../../program/judge-claim.ts';
import { protectionWindow } from '../../program/protection.ts';
import { SUBMITTED, type ProtectionWindow } from '../../program/registration-life.ts';
import { openStep, type ReviewStep } from '../../program/review-step.ts';
import type { Verdict } from '../../program/verdict.ts';
import type { Instant } from '../../program/vocabulary.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { excludedApprovers } from './excluded-approver.ts';
import { gatherEvidence } from './gather-evidence.ts';

export interface ClaimPreview {
  readonly verdict: Verdict;
  readonly step: ReviewStep | null;
  readonly protection: ProtectionWindow | null;
}

/** A claim that was not received has neither id nor place: it comes after all others. */
type PreviewedClaim = Omit<ClaimSnapshot, 'registrationId' | 'sequence'> & { readonly partnerId: string };
const NIL_UUID = '00000000-0000-0000-0000-000000000000';

type PreviewDependencies = Pick<ActivityDependencies, 'db' | 'programs' | 'freeMailDomains' | 'calendarOf' | 'now'>;

/** What would be decided of a claim that came in now, from what is known in the mirror; nothing is stored. */
export async function previewClaim(deps: PreviewDependencies, preview: PreviewedClaim): Promise<ClaimPreview> {
  const claim = { ...preview, registrationId: NIL_UUID, sequence: Number.MAX_SAFE_INTEGER };
  const program = deps.programs.current();
  const now = deps.now();
  return deps.db
    .transaction()
    .setAccessMode('read only')
    .execute(async (trx) => {
      const claimant = { ...claim, customerNameKey: normalizeCustomerName(claim.customer.name), state: SUBMITTED };
      const evidence = await gatherEvidence(trx, deps, program, claimant, now);
      const verdict = judgeClaim(program, claim, evidence);
      const role = roleOf(verdict);
      const opportunity = verdict.outcome === 'review' ? (verdict.conflict?.opportunity ?? null) : null;
      const step =
        role === null
          ? null
          : openStep(
              program,
              role,
              evidence.partner.manager,
              await excludedApprovers(trx, { registrationIds: [], opportunity }),
              now,
              deps.calendarOf(program),
            );
      return { verdict, step, protection: protectionOf(program, verdict, now) };
    });
}

function roleOf(verdict: Verdict): string | null {
  switch (verdict.outcome) {
    case 'review':
    case 'needs_ruling':
      return verdict.role;
    case 'approve':
    case 'deny':
    case 'wait':
      return null;
  }
}

/** If approved now. A denied claim gets none. */
function protectionOf(program: Program, verdict: Verdict, now: Instant): ProtectionWindow | null {
  return verdict.outcome === 'deny' ? null : protectionWindow(program, now);
}
