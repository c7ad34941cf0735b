import type { Generated, JSONColumnType } from 'kysely';
import type { AbsenceScope } from '../program/approval/staff.ts';
import type { ApprovedPosition, ClaimFacts, EvidenceSnapshot, ClaimSnapshot, LostOpportunity } from '../program/claim.ts';
import type { MessagePayload } from '../program/notification/payload.ts';
import type { RegistrationCommand, RegistrationState } from '../program/registration-life.ts';
import type { TaskKind, TaskPriority, TaskStatus } from '../program/task.ts';
import type { Verdict } from '../program/verdict.ts';
import type { BulkTables } from './bulk-table.ts';
import type { CaseTables } from './case-table.ts';
import type { EventTables } from './event-table.ts';

/** The tables, as the migrations leave them. Timestamps arrive as ISO instants, numerics and bigints as strings, dates as `YYYY-MM-DD` (`database.ts`). */
export interface Schema extends BulkTables, CaseTables, EventTables {
  readonly partner: PartnerTable;
  readonly customer: { readonly id: string; readonly name: string; readonly created_at: string };
  readonly customer_key: { readonly kind: string; readonly value: string; readonly customer_id: string };
  readonly registration: RegistrationTable;
  readonly registration_place: {
    readonly registration_id: string;
    readonly connection: string;
    readonly customer_account: string | null;
    readonly opportunity: string | null;
    readonly is_primary: Generated<boolean>;
    readonly linked_at: string | null;
    readonly linked_by: string | null;
    readonly commanded_at: string | null;
    readonly measured_at: string | null;
    readonly linked_amount: string | null;
    readonly linked_account: string | null;
  };
  readonly registration_command: {
    readonly registration_id: string;
    readonly command_id: string;
    readonly command: Json<RegistrationCommand>;
    readonly comment: string | null;
    readonly amendment: Json<object> | null;
    readonly outcome: Json<object> | null;
    readonly received_at: string;
  };
  readonly protection: {
    readonly id: Generated<string>;
    readonly registration_id: string;
    readonly customer_id: string;
    readonly product_line: string;
    readonly starts_at: string;
    readonly until_at: string;
    readonly ended_at: string | null;
  };
  readonly verdict: {
    readonly id: Generated<string>;
    readonly registration_id: string;
    readonly program_version: string;
    readonly occasion: string;
    readonly claim: Json<ClaimSnapshot>;
    readonly evidence: Json<EvidenceSnapshot>;
    readonly verdict: Json<Verdict>;
    readonly decided_at: string;
  };
  readonly audit_entry: {
    readonly id: Generated<string>;
    readonly subject: string;
    readonly position: Generated<string>;
    readonly at: string;
    readonly kind: string;
    readonly actor: string;
    readonly details: Json<object>;
    readonly previous: Generated<Buffer>;
    readonly hash: Generated<Buffer>;
  };
  readonly audit_head: { readonly subject: string; readonly position: string; readonly previous: Buffer; readonly hash: Buffer };
  readonly audit_unsealed: { readonly id: string; readonly subject: string; readonly position: string };
  readonly audit_seal: {
    readonly ordinal: string;
    readonly subject: string;
    readonly position: string;
    readonly entry: Buffer;
    readonly previous: Buffer;
    readonly hash: Buffer;
  };
  readonly outbox: {
    readonly id: Generated<string>;
    readonly subject: string;
    readonly kind: string;
    readonly payload: Json<object>;
    readonly attempts: Generated<number>;
    readonly not_before: string;
    readonly created_at: string;
  };
  readonly link: LinkTable;
  readonly sync_cursor: {
    readonly connection: string;
    readonly object_type: string;
    readonly stamp: string | null;
    readonly remote_id: string;
    readonly swept_at: string | null;
    readonly pulled_at: string | null;
    readonly sweep_stamp: string | null;
    readonly sweep_id: string | null;
    readonly sweep_started_at: string | null;
    readonly lookups_began_at: string | null;
    readonly lookups_after: string | null;
    readonly lookups_pages: Generated<number>;
  };
  readonly push_queue: {
    readonly connection: string;
    readonly object_type: string;
    readonly local_id: string;
    readonly version: Generated<string>;
    readonly attempts: Generated<number>;
    readonly not_before: string;
    readonly queued_at: string;
    readonly sent: Json<Record<string, string | null>> | null;
    readonly seen: Json<Record<string, string | null>> | null;
    readonly seen_at: string | null;
  };
  readonly sync_issue: SyncIssueTable;
  readonly sync_decision: {
    readonly id: Generated<string>;
    readonly connection: string;
    readonly object_type: string;
    readonly local_id: string;
    readonly field: string;
    readonly outcome: string;
    readonly policy: string;
    readonly at: string;
  };
  readonly connection_state: {
    readonly connection: string;
    readonly state: 'running' | 'paused' | 'parked';
    readonly reason: string | null;
    readonly calls_used: number | null;
    readonly calls_limit: number | null;
    readonly calls_seen_at: string | null;
    readonly calls_held: 'background' | 'all' | null;
    readonly calls_reset_at: string | null;
    readonly updated_at: string;
  };
  readonly call_pace: { readonly connection: string; readonly bucket: string; readonly free_at: string };
  readonly crm_session: { readonly connection: string; readonly credentials: string; readonly sealed: string; readonly kept_at: string };
  readonly program_version: {
    readonly program_id: string;
    readonly version: string;
    readonly digest: string;
    readonly definition: Json<object>;
    readonly first_used_at: string;
  };
  readonly absence: {
    readonly id: string;
    readonly alias: string;
    readonly from_at: string;
    readonly until_at: string;
    readonly delegate: string | null;
    readonly scope: Json<AbsenceScope>;
    readonly entered_by: string;
    readonly entered_at: string;
  };
  readonly question: {
    readonly subject: string;
    readonly number: number;
    readonly kind: string;
    readonly registration_id: string;
    readonly role: string;
    readonly reason: string;
    readonly approver: string | null;
    readonly on_behalf_of: string | null;
    readonly asked: string[];
    readonly put_at: string;
    readonly due_at: string;
    readonly reminded_at: string | null;
    readonly closed_at: string | null;
    readonly closed_by: string | null;
    readonly answer: string | null;
  };
  readonly task: TaskTable;
  readonly task_place: TaskPlaceTable;
  readonly message: MessageTable;
  readonly message_channel: MessageChannelTable;
  readonly crm_user: CrmUserTable;
  readonly crm_account: CrmAccountTable & { readonly name_bands: number[] };
  readonly crm_opportunity: CrmOpportunityTable & { readonly merged_into: string | null; readonly won_at: string | null };
  readonly lost_opportunity: {
    readonly id: Generated<string>;
    readonly registration_id: string;
    readonly connection: string;
    readonly opportunity: string;
    readonly how: LostOpportunity['how'];
    readonly lost_at: string;
    readonly lost_by: string;
  };
  readonly opportunity_order: {
    readonly registration_id: string;
    readonly connection: string;
    readonly asked_at: string;
    readonly asked_by: string;
  };
}

/** Read as an object, written as JSON text. */
type Json<T extends object> = JSONColumnType<T, string, string>;

export interface PartnerTable {
  readonly id: string;
  readonly external_id: string;
  readonly name: string;
  readonly domain: string | null;
  readonly country: string;
  readonly type: string;
  readonly track: string | null;
  readonly tier: string | null;
  readonly status: string;
  readonly manager: string | null;
  readonly regions: Generated<string[]>;
  readonly company_number: string | null;
  /** Null where it is left out. */
  readonly email: Generated<string | null>;
  readonly field_times: Json<Record<string, string>>;
  readonly created_at: string;
  readonly updated_at: string;
}

export interface MessageTable {
  readonly id: string;
  readonly sequence: Generated<string>;
  readonly subject: string;
  readonly lane: string;
  readonly event: string;
  readonly recipient_kind: 'partner' | 'user';
  readonly recipient_id: string;
  readonly channel: string;
  readonly payload: Json<MessagePayload>;
  readonly occurred_at: string;
  readonly created_at: string;
  readonly not_before: string;
  readonly give_up_at: string;
  readonly attempts: Generated<number>;
  readonly status: 'queued' | 'sent' | 'failed' | 'skipped';
  readonly sent_at: string | null;
  readonly last_error: string | null;
  readonly provider_reference: string | null;
}

export interface MessageChannelTable {
  readonly channel: string;
  readonly failures: Generated<number>;
  readonly held_until: string | null;
  readonly code: string | null;
  readonly disabled_at: string | null;
}

export interface RegistrationTable {
  readonly id: string;
  readonly sequence: string;
  readonly external_id: string;
  readonly partner_id: string;
  readonly customer_id: string;
  readonly origin: string;
  readonly content_digest: string;
  readonly kind: string;
  readonly customer_name: string;
  readonly customer_name_key: string;
  readonly customer_name_bands: number[];
  readonly customer_domain: string | null;
  readonly customer_country: string;
  readonly customer_postal_code: string | null;
  readonly customer_company_number: string | null;
  readonly contact_name: string | null;
  readonly contact_email: string | null;
  readonly product_lines: string[];
  readonly value_amount: string;
  readonly value_currency: string;
  readonly expected_close_date: string;
  readonly description: string;
  readonly evidence: Json<readonly unknown[]>;
  readonly facts: Json<Partial<ClaimFacts>>;
  readonly approved_as: Json<ApprovedPosition> | null;
  readonly ended_at: string | null;
  readonly program_version: string;
  readonly submitted_at: string;
  readonly submitted_by: string | null;
  readonly state: Json<RegistrationState>;
  readonly status: Generated<string>;
  readonly sync_note: string | null;
  readonly field_times: Json<Record<string, string>>;
  readonly updated_at: string;
}

export interface LinkTable {
  readonly connection: string;
  readonly object_type: string;
  readonly local_id: string;
  readonly remote_id: string;
  readonly base: Json<Record<string, string | null>>;
  readonly remote_stamp: string | null;
  readonly linked_at: string;
  /** When the base was changed last, by the database's clock; null where that was before it was kept. */
  readonly agreed_at: string | null;
}

export interface SyncIssueTable {
  readonly id: string;
  readonly connection: string;
  readonly object_type: string;
  readonly local_id: string | null;
  readonly remote_id: string | null;
  readonly category: string;
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
  readonly attempts: number;
  readonly status: 'open' | 'skipped' | 'resolved';
  readonly created_at: string;
  readonly updated_at: string;
}

export interface TaskTable {
  readonly id: string;
  readonly subject: string;
  readonly registration_id: string;
  readonly assignee: string;
  readonly kind: TaskKind;
  readonly title: string;
  readonly body: string;
  readonly due_at: string | null;
  readonly priority: TaskPriority;
  readonly status: TaskStatus;
  readonly outcome: string | null;
  readonly field_times: Json<Record<string, string>>;
  readonly created_at: string;
  readonly updated_at: string;
}

export interface TaskPlaceTable {
  readonly task_id: string;
  readonly connection: string;
  readonly reopened_at: string | null;
  readonly deleted_at: string | null;
  readonly left_as: 'open' | 'closed' | 'deleted' | null;
  readonly notes: Json<Record<string, string>>;
}

export interface CrmUserTable {
  readonly connection: string;
  readonly remote_id: string;
  readonly alias: string;
  readonly email: string | null;
  readonly name: string | null;
  readonly is_active: boolean;
  readonly manager_remote_id: string | null;
  readonly stamp: string;
  readonly deleted: boolean;
}

export interface CrmAccountTable {
  readonly connection: string;
  readonly remote_id: string;
  readonly name: string;
  readonly name_key: string;
  readonly domain: string | null;
  readonly country: string | null;
  readonly postal_code: string | null;
  readonly company_number: string | null;
  readonly last_activity_at: string | null;
  readonly owner_remote_id: string | null;
  readonly parent_remote_id: string | null;
  readonly stamp: string;
  readonly deleted: boolean;
  readonly merged_into: string | null;
  readonly refreshed_at: string;
}

export interface CrmOpportunityTable {
  readonly connection: string;
  readonly remote_id: string;
  readonly account_remote_id: string | null;
  readonly name: string;
  readonly stage_name: string;
  readonly stage_index: number | null;
  readonly is_closed: boolean;
  readonly is_won: boolean;
  readonly amount: string | null;
  readonly owner_remote_id: string | null;
  readonly created_at: string;
  readonly last_activity_at: string;
  readonly close_date: string | null;
  readonly stamp: string;
  readonly deleted: boolean;
  readonly refreshed_at: string;
}
