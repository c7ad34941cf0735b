import { needsAttention, type Approval } from './approval/approval.ts';
import type { SettledConflict } from './claim.ts';
import type { Reason } from './verdict.ts';
import type { Decision, Instant, RegistrationStatus } from './vocabulary.ts';

/** A protection's window, half-open: at `until` it has ended. */
export interface ProtectionWindow {
  readonly from: Instant;
  readonly until: Instant;
}

export interface RecordedDecision {
  readonly outcome: 'approve' | 'deny';
  /** `program` where no person decided. */
  readonly by: string;
  /** In whose place, where that was not the own. */
  readonly onBehalfOf?: string;
  readonly at: Instant;
  readonly reasons: readonly Reason[];
  /** The case that was settled so: an appeal is heard there. */
  readonly caseId?: string;
}

/** A prolongation that was asked for and that people have to grant. `until` is the end that it would bring. */
export interface PendingExtension {
  readonly approval: Approval;
  readonly until: Instant;
  readonly askedBy: string;
  /** While it is open the protection does not end. */
  readonly suspendsExpiry: boolean;
}

/** Another partner is to have the registration, and people have to agree to it. */
export interface PendingTransfer {
  readonly approval: Approval;
  readonly partnerId: string;
  readonly askedBy: string;
}

/** The opportunity was won or lost sooner after the approval than the program takes for credible: the registration follows at `at`. */
export interface PendingClosing {
  readonly outcome: 'won' | 'lost';
  readonly at: Instant;
  readonly actor: string;
}

/**
 * Where one claim stands in its life: everything that decides which command is possible and which deadline comes next.
 *
 * `approval` is the open question to people, of this claim or of its case (`caseId`). `waitingFor` names earlier claims that are decided first.
 * Deadlines are absolute and were computed when they were promised.
 */
export interface RegistrationState {
  readonly status: RegistrationStatus;
  readonly approval: Approval | null;
  /** How many questions were put about it so far. */
  readonly questions: number;
  readonly caseId: string | null;
  readonly waitingFor: readonly string[];
  readonly returnedUntil: Instant | null;
  /** Until when no claims are taken: a claim that came in meanwhile is judged then. */
  readonly frozenUntil: Instant | null;
  /** The question that was open when the claim was returned, and since when it is: for programs whose clock does not start anew. */
  readonly interrupted: { readonly approval: Approval; readonly at: Instant } | null;
  readonly protection: ProtectionWindow | null;
  /** The lines that the claim was granted: all of its lines, or those that were free. */
  readonly grantedLines: readonly string[];
  readonly extensionsUsed: number;
  readonly extension: PendingExtension | null;
  readonly transfer: PendingTransfer | null;
  /** When the parties are still to be reminded of the end, ascending; all before it. */
  readonly reminders: readonly Instant[];
  readonly closing: PendingClosing | null;
  /** The protection that expired, and until when further time may still be asked for; null where the program does not allow that. */
  readonly expired: { readonly protection: ProtectionWindow; readonly extensibleUntil: Instant | null } | null;
  readonly decision: RecordedDecision | null;
  readonly appealUntil: Instant | null;
  /** True from the first appeal on: people decide what the program denied. */
  readonly appealed: boolean;
  readonly appeals: number;
  /** Who decided what was appealed since: asked again only where nobody else is left. */
  readonly decidedBefore: readonly string[];
  /** How long a denied claim moves up when the winner's protection ends; null when it is not on the waitlist. */
  readonly waitlistedUntil: Instant | null;
  /** The claims whose protection stood in the way of a waitlisted one. */
  readonly waitlistedBehind: readonly string[];
  /** Conflicts that people settled in this claim's favour. */
  readonly settled: readonly SettledConflict[];
  /** Rules that spoke against the claim when a person approved it all the same: they do not speak against it again. */
  readonly overruled: readonly string[];
  /** Something was found about the approved claim that somebody should look at. */
  readonly remarked?: true;
  readonly needsAttention: boolean;
}

export const SUBMITTED: RegistrationState = {
  status: 'submitted',
  approval: null,
  questions: 0,
  caseId: null,
  waitingFor: [],
  returnedUntil: null,
  frozenUntil: null,
  interrupted: null,
  protection: null,
  grantedLines: [],
  extensionsUsed: 0,
  extension: null,
  transfer: null,
  reminders: [],
  closing: null,
  expired: null,
  decision: null,
  appealUntil: null,
  appealed: false,
  appeals: 0,
  decidedBefore: [],
  waitlistedUntil: null,
  waitlistedBehind: [],
  settled: [],
  overruled: [],
  needsAttention: false,
};

/** What somebody wants done with a registration. Comments, reasons and amended values are stored beside the command and never travel in it. */
export type RegistrationCommand =
  | { readonly kind: 'decide'; readonly decision: Decision; readonly actor: string }
  | { readonly kind: 'amend'; readonly actor: string }
  | { readonly kind: 'withdraw'; readonly actor: string }
  /** `days` null: by all that the program grants at once. */
  | { readonly kind: 'extend'; readonly days: number | null; readonly actor: string }
  | { readonly kind: 'appeal'; readonly actor: string }
  | { readonly kind: 'close'; readonly outcome: 'won' | 'lost'; readonly actor: string }
  /** The opportunity was opened again before the registration was closed with it. */
  | { readonly kind: 'reopen'; readonly actor: string }
  | { readonly kind: 'revoke'; readonly actor: string }
  | { readonly kind: 'transfer'; readonly partnerId: string; readonly actor: string }
  /** To an opportunity of a CRM. `primary` null: where the program and those that are linked to it let it be. */
  | {
      readonly kind: 'link' | 'relink';
      readonly connection: string;
      readonly opportunity: string;
      readonly primary: boolean | null;
      readonly actor: string;
    }
  | { readonly kind: 'unlink'; readonly connection: string; readonly actor: string }
  /** In the CRM, for an approved registration that has none. */
  | { readonly kind: 'create_opportunity'; readonly connection: string; readonly actor: string }
  /** The open question is answered by somebody else: in the own place, or because a higher role says so. */
  | { readonly kind: 'delegate'; readonly to: string; readonly actor: string }
  | { readonly kind: 'reassign'; readonly to: string; readonly actor: string }
  /** A word to the partner, or among insiders; its text is stored beside the command. */
  | { readonly kind: 'comment'; readonly audience: CommentAudience; readonly actor: string };

/** Who acts where the partner's portal calls. */
export const PARTNER_ACTOR = 'partner';

/** Who reads a comment. What is said to the partner counts as being in touch. */
export const COMMENT_AUDIENCES = ['partner', 'internal'] as const;
export type CommentAudience = (typeof COMMENT_AUDIENCES)[number];

/** The people who decided the claim so far; the program is none of them. */
export function decidersOf({ decidedBefore, decision }: Pick<RegistrationState, 'decidedBefore' | 'decision'>): readonly string[] {
  return decision === null || decision.by === 'program' ? decidedBefore : [...new Set([...decidedBefore, decision.by])];
}

const UNDECIDED: ReadonlySet<RegistrationStatus> = new Set(['submitted', 'in_review', 'returned']);

/** True while nobody, neither the program nor a person, has said yes or no. */
export function isUndecided(status: RegistrationStatus): boolean {
  return UNDECIDED.has(status);
}

/** Whose deal an opportunity is, as far as partners go: the claim that was approved. Others are linked to it and are not its primary. */
export function mayBePrimary(status: RegistrationStatus): boolean {
  return status === 'approved' || status === 'won';
}

/** The questions that are open about a registration, that of its case left out: of itself, of an extension, of a transfer. */
export function openApprovals({ approval, caseId, extension, transfer }: RegistrationState): readonly Approval[] {
  return [
    approval === null || caseId !== null ? [] : [approval],
    extension === null ? [] : [extension.approval],
    transfer === null ? [] : [transfer.approval],
  ].flat();
}

/** Whether somebody has to look after it: one of its open questions, of its case too, does not move by itself any more, or something was remarked on. */
export function attentionOf({ approval, extension, transfer, remarked }: RegistrationState): boolean {
  const open = [approval, extension?.approval ?? null, transfer?.approval ?? null];
  return remarked === true || open.some((question) => question !== null && needsAttention(question));
}

/** The state with `approval` as the question about the claim. */
export function withQuestion(state: RegistrationState, approval: Approval): RegistrationState {
  const asked = { ...state, approval, questions: Math.max(state.questions, approval.lastNumber) };
  return { ...asked, needsAttention: attentionOf(asked) };
}

/** The state with everything open closed: no question, no case, no waiting, no protection. What was granted and settled stays known. */
export function closed({ remarked: _past, ...state }: RegistrationState): RegistrationState {
  return {
    ...state,
    approval: null,
    caseId: null,
    waitingFor: [],
    returnedUntil: null,
    frozenUntil: null,
    interrupted: null,
    protection: null,
    extension: null,
    transfer: null,
    reminders: [],
    closing: null,
    expired: null,
    appealUntil: null,
    waitlistedUntil: null,
    waitlistedBehind: [],
    needsAttention: false,
  };
}
