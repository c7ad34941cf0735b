import type { IncomingHttpHeaders } from 'node:http';
import type { Client } from '@temporalio/client';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { ApprovalPreview } from '../program/approval/preview-approval.ts';
import type { ClaimSnapshot } from '../program/claim.ts';
import type { Program } from '../program/definition/program.ts';
import type { ProgramShelf } from '../program/program-shelf.ts';
import type { ProtectionWindow } from '../program/registration-life.ts';
import type { Verdict } from '../program/verdict.ts';
import type { Instant } from '../program/vocabulary.ts';
import type { WorkingCalendar } from '../program/working-time.ts';
import type { Database } from '../store/database.ts';
import type { CardConnection } from './crm-card/connection.ts';

/** A claim that is only asked about: it was not received, so it has neither id nor place in the order of receipt. */
export type PreviewedClaim = Omit<ClaimSnapshot, 'registrationId' | 'sequence'> & { readonly partnerId: string };

/** What the program would say now. `approval` is whom it would ask, in their order; `protection` what an approval at this instant would give. */
export interface Preview {
  readonly verdict: Verdict;
  readonly approval: ApprovalPreview | null;
  readonly protection: (ProtectionWindow & { readonly lines: readonly string[] }) | null;
}

export interface Readiness {
  readonly ready: boolean;
  /** Why not, in words for an operator. */
  readonly reasons: readonly string[];
}

/** A delivery of a webhook as it arrived. */
export interface WebhookDelivery {
  readonly method: string;
  /** Path and query, escaped as they were sent. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** Not parsed yet: signatures are of the bytes. */
  readonly body: Uint8Array;
}

/** What takes the webhooks of one connection. The API knows neither the secret nor what the events mean. */
export interface WebhookReceiver {
  /** Null for a delivery that comes from whom it says it does, and is neither old nor from the future; otherwise why it is refused, in a word for the log. */
  refusalOf(delivery: WebhookDelivery): string | null;
  /** Keeps what the events lead to before it answers. The same events once more lead to nothing else. */
  take(events: readonly unknown[]): Promise<TakenEvents>;
}

export interface TakenEvents {
  readonly taken: number;
  /** Events that mean nothing here, such as those of objects that are not synchronised. */
  readonly ignored: number;
}

/** Everything the API needs; the process that runs it puts it together. */
export interface ApiDependencies {
  readonly db: Database;
  readonly temporal: Client;
  readonly programs: ProgramShelf;
  /** The CRMs to which every change is queued, by the name of the connection. */
  readonly connections: readonly string[];
  /** By the name of the connection; HubSpot portals that send no webhooks have none. */
  readonly hubspotWebhooks?: ReadonlyMap<string, WebhookReceiver>;
  readonly apiToken: string;
  readonly freeMailDomains: ReadonlySet<string>;
  readonly calendarOf: (program: Program, calendarId?: string) => WorkingCalendar;
  readonly preview: (claim: PreviewedClaim) => Promise<Preview>;
  readonly now: () => Instant;
  readonly newId: () => string;
  /** False: nothing is logged. */
  readonly logger: Logger | false;
  readonly metrics: Registry;
  readonly readiness: () => Promise<Readiness>;
  /** The portals whose people see the card on a registration, by the name of the connection; none where it is left out. */
  readonly hubspotCards?: ReadonlyMap<string, CardConnection>;
}
