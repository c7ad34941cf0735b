import { bareStep, type PlannedStage } from '../../program/approval/planned-stage.ts';
import { previewApproval, type ApprovalPreview } from '../../program/approval/preview-approval.ts';
import type { ClaimSnapshot, PartnerSnapshot } from '../../program/claim.ts';
import { normalizeCustomerName } from '../../program/customer-name.ts';
import type { Program } from '../../program/definition/program.ts';
import { judgeClaim } from '../../program/judge-claim.ts';
import { protectionWindow, windowLength } from '../../program/protection.ts';
import { SUBMITTED, type ProtectionWindow } from '../../program/registration-life.ts';
import type { Verdict } from '../../program/verdict.ts';
import type { Instant } from '../../program/vocabulary.ts';
import type { WorkingCalendar } from '../../program/working-time.ts';
import type { Transaction } from '../../store/database.ts';
import { readRegistrations } from '../../store/registration.ts';
import { askingAbout } from '../approval/asking-about.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { gatherEvidence } from './gather-evidence.ts';

export interface ClaimPreview {
  readonly verdict: Verdict;
  /** Whom it would ask, absences resolved; null where nobody is asked. */
  readonly approval: ApprovalPreview | null;
  /** If it were approved now; null where it would not be, and where the program does not tell for how long. */
  readonly protection: (ProtectionWindow & { readonly lines: readonly string[] }) | null;
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
      const calendar = deps.calendarOf(program);
      const approval = await approvalOf(trx, deps, program, verdict, claim, now);
      return { verdict, approval, protection: protectionOf(program, calendar, verdict, claim, evidence.partner, now) };
    });
}

async function approvalOf(
  trx: Transaction,
  deps: PreviewDependencies,
  program: Program,
  verdict: Verdict,
  claim: ClaimSnapshot & { readonly partnerId: string },
  now: Instant,
): Promise<ApprovalPreview | null> {
  const [first, ...rest] = stagesOf(verdict);
  if (first === undefined) return null;
  const conflict = verdict.outcome === 'review' ? verdict.conflict : null;
  const others = await readRegistrations(trx, conflict?.rivalIds ?? []);
  const about =
    conflict === null ? ({ kind: 'registration' } as const) : ({ kind: 'case', others, opportunity: conflict.opportunity } as const);
  return previewApproval(await askingAbout(trx, deps, program, claim, about, now), [first, ...rest]);
}

function stagesOf(verdict: Verdict): readonly PlannedStage[] {
  switch (verdict.outcome) {
    case 'review':
      return verdict.steps;
    case 'needs_ruling':
      return [bareStep(verdict.role)];
    case 'approve':
    case 'deny':
    case 'return':
    case 'wait':
      return [];
  }
}

function protectionOf(
  program: Program,
  calendar: WorkingCalendar,
  verdict: Verdict,
  claim: ClaimSnapshot,
  partner: PartnerSnapshot,
  now: Instant,
): ClaimPreview['protection'] {
  const { kind, window } = windowLength(program, claim, partner);
  if (verdict.outcome === 'deny' || verdict.outcome === 'return' || kind === 'unclear') return null;
  const span = protectionWindow(program, calendar, window, { submittedAt: claim.submittedAt, approvedAt: now });
  return { ...span, lines: verdict.lines };
}
