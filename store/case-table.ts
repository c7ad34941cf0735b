import type { Generated, JSONColumnType } from 'kysely';
import type { CaseCommand, CaseState } from '../program/case-life.ts';

/** The tables of cases: what they are about, who is in them, what was asked, said and decided. */
export interface CaseTables {
  readonly conflict_case: {
    readonly id: string;
    readonly rule: string;
    readonly customer_id: string;
    readonly product_line: string;
    readonly summary: string;
    readonly partner_summary: Generated<string>;
    readonly evidence: Json<readonly { readonly kind: string; readonly summary: string }[]>;
    readonly opportunity: Json<{ readonly connection: string; readonly remoteId: string }> | null;
    readonly state: Json<CaseState>;
    readonly status: Generated<string>;
    readonly opened_at: string;
    readonly resolved_at: string | null;
  };
  readonly conflict_case_registration: { readonly case_id: string; readonly registration_id: string; readonly side: 'claimant' | 'rival' };
  readonly case_command: {
    readonly case_id: string;
    readonly command_id: string;
    readonly command: Json<CaseCommand> | null;
    readonly comment: string | null;
    readonly evidence: Json<object> | null;
    readonly outcome: Json<object> | null;
    readonly received_at: string;
  };
  readonly case_statement: {
    readonly case_id: string;
    readonly command_id: string;
    readonly registration_id: string;
    readonly partner_id: string;
    readonly made_by: string;
    readonly made_at: string;
  };
  readonly precedent: {
    readonly case_id: string;
    readonly rule: string;
    readonly outcome: string;
    readonly claimant_kinds: string[];
    readonly rival_kinds: string[];
    readonly is_against_direct_team: boolean;
    readonly regions: string[];
    readonly product_lines: string[];
    readonly value_band: string | null;
    readonly reasons: string;
    readonly appeals: number;
    readonly decided_at: string;
    readonly words: Generated<string>;
  };
}

type Json<T extends object> = JSONColumnType<T, string, string>;
