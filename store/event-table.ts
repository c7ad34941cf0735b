import type { Generated, JSONColumnType } from 'kysely';

/** What is known of a CRM's change events, and what they lead to; see migration 0014. */
export interface EventTables {
  readonly event_stream: EventStreamTable;
  readonly changed_record: {
    readonly connection: string;
    readonly object_type: string;
    readonly remote_id: string;
    readonly version: Generated<string>;
    readonly changed_at: string;
  };
  readonly wanted_sweep: {
    readonly connection: string;
    readonly object_type: string;
    readonly from_at: string;
    readonly version: Generated<string>;
  };
  readonly left_opportunity: { readonly registration_id: string; readonly connection: string; readonly opportunity: string };
}

export interface EventStreamTable {
  readonly connection: string;
  readonly holder: string;
  readonly state: 'listening' | 'away' | 'paused' | 'stopped' | 'off';
  readonly since: string;
  readonly channels: string[];
  readonly positions: JSONColumnType<Record<string, string>, string, string>;
  readonly heard_at: string | null;
  readonly last_event_at: string | null;
  readonly gap_at: string | null;
  readonly code: string | null;
  readonly message: string | null;
  readonly remedy: string | null;
  readonly retry_at: string | null;
}
