import { createHash } from 'node:crypto';
import { needsAttention } from '../../program/approval/approval.ts';
import { openApproval } from '../../program/approval/open-approval.ts';
import type { PlannedStage } from '../../program/approval/planned-stage.ts';
import { clockStart, heardUntil, hearingFrom } from '../../program/hearing.ts';
import type { Program } from '../../program/definition/program.ts';
import { caseWorkflowId } from '../../program/messages.ts';
import { askedInCase } from '../../program/notification/asked-role.ts';
import { caseOpened } from '../../program/notification/case-event.ts';
import type { ConflictFinding } from '../../program/verdict.ts';
import type { Instant } from '../../program/vocabulary.ts';
import { recordAudit } from '../../store/audit.ts';
import { addMembers, insertCase, lockCase, lockOpenCase, type ConflictCase } from '../../store/conflict-case.ts';
import type { Transaction } from '../../store/database.ts';
import { enqueue } from '../../store/outbox.ts';
import { queuePush } from '../../store/push-queue.ts';
import type { Registration } from '../../store/registration.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { askingAbout } from '../approval/asking-about.ts';
import { followQuestions } from '../approval/follow-questions.ts';
import { summaryInWords } from './summary-in-words.ts';
import { tellOfCase } from './tell.ts';

/** What a conflict is about: the same customer, line and rule are one case, however often and by whomever it is found. */
interface ConflictKey {
  readonly customerId: string;
  readonly productLine: string;
  readonly rule: string;
  /** Settled conflicts stay settled; when the same one comes up later it is the next case. */
  readonly generation: number;
}

/** A UUID that anyone can derive again from the conflict (RFC 9562, version 8: custom). */
export function caseIdOf(key: ConflictKey): string {
  const hex = createHash('sha256')
    .update(JSON.stringify([key.customerId, key.productLine, key.rule, key.generation]))
    .digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/**
 * Opens the case of a conflict, or joins the one that is open. It is stored in the verdict's transaction and its workflow is started from the outbox.
 * The customer is the rival's where there is one, since that is whose position is contested.
 */
export async function openCase(
  trx: Transaction,
  deps: ActivityDependencies,
  program: Program,
  claimant: Registration,
  rivals: readonly Registration[],
  conflict: ConflictFinding,
  [first, ...rest]: readonly PlannedStage[],
  now: Instant,
): Promise<ConflictCase> {
  const contested = rivals[0];
  const productLine =
    [...claimant.productLines].sort().find((line) => contested === undefined || contested.productLines.includes(line)) ??
    claimant.productLines[0] ??
    '';
  const key = { customerId: contested?.customerId ?? claimant.customerId, productLine, rule: conflict.rule };
  const members = [
    { registrationId: claimant.registrationId, side: 'claimant' as const },
    ...rivals.map(({ registrationId }) => ({ registrationId, side: 'rival' as const })),
  ];
  if (first === undefined) throw new RangeError(`the conflict of ${conflict.rule} needs somebody to settle it`);
  const open = await lockOpenCase(trx, key);
  if (open !== null) {
    const joined = await addMembers(trx, open.id, members);
    if (joined.length > 0) {
      await recordAudit(trx, { subject: caseWorkflowId(open.id), kind: 'joined', actor: 'program', details: { joined }, at: now });
    }
    await tellRivals(trx, deps, open, rivals, now);
    return open;
  }
  for (let generation = 1; ; generation++) {
    const id = caseIdOf({ ...key, generation });
    if ((await lockCase(trx, id)) !== null) continue;
    const about = { kind: 'case', others: rivals, opportunity: conflict.opportunity } as const;
    const asking = await askingAbout(trx, deps, program, claimant, about, now);
    const hearing = hearingFrom(program, deps.calendarOf(program), now);
    // The arbiter knows of it at once, and has the full time from the end of the hearing on.
    const approval = openApproval({ ...asking, at: clockStart({ hearing }, now) }, [first, ...rest], 0);
    const opened: ConflictCase = {
      id,
      ...key,
      summary: await summaryInWords(trx, conflict.summary),
      partnerSummary: conflict.partnerSummary,
      evidence: conflict.evidence,
      opportunity: conflict.opportunity,
      state: {
        status: 'open',
        approval,
        questions: approval.lastNumber,
        outcome: null,
        proposed: null,
        hearing,
        decidedBefore: [],
        needsAttention: needsAttention(approval),
      },
      openedAt: now,
      resolvedAt: null,
    };
    await insertCase(trx, opened);
    await addMembers(trx, id, members);
    await recordAudit(trx, {
      subject: caseWorkflowId(id),
      kind: 'opened',
      actor: 'program',
      details: { rule: key.rule, claimant: claimant.registrationId, rivals: rivals.map(({ registrationId }) => registrationId) },
      at: now,
    });
    await followQuestions(trx, deps, {
      subject: caseWorkflowId(id),
      registration: claimant,
      conflict: opened,
      before: [],
      after: [approval],
      by: 'program',
      answer: 'opened',
      at: now,
    });
    await enqueue(trx, caseWorkflowId(id), { kind: 'start_case', payload: {} });
    await tellRivals(trx, deps, opened, rivals, now);
    return opened;
  }
}

/** Whoever holds the position is heard too, and asked once, whenever it comes in; its record says who claims it. Who claims is told with the step that brings it here. */
async function tellRivals(
  trx: Transaction,
  deps: ActivityDependencies,
  conflict: ConflictCase,
  rivals: readonly Registration[],
  at: Instant,
): Promise<void> {
  const event = caseOpened(conflict, 'rival', askedInCase(conflict.state), { statementUntil: heardUntil(conflict, at) });
  const sides = rivals.map((registration) => ({ registration, event }));
  await tellOfCase(trx, deps, sides, at);
  const ids = rivals.map(({ registrationId }) => registrationId);
  await queuePush(trx, [...deps.connections.keys()], 'registration', ids);
}
