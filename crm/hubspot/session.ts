import { dateOf, type HttpExchange } from '../http-exchange.ts';
import type { CrmUsage, RemoteObjectDefinition } from '../port.ts';
import { narrowOffset } from '../server-clock.ts';
import type { HubspotApiVersion } from './api-version.ts';
import type { ArchivedSnapshot } from './archived-snapshot.ts';
import type { AssociationType } from './association-type.ts';
import type { ObjectProperties } from './object-property.ts';
import type { OwnerDirectory } from './owner-directory.ts';
import { Pace, USUAL_PACE, type PaceLimits } from './pace.ts';
import { USUAL_PATIENCE, type Patience } from './repeat-policy.ts';
import { readBurstLimit, readUsage } from './usage.ts';

export interface HubspotConfig {
  /** The name of the connection, as people and the log know it. */
  readonly connection: string;
  /** `https://api.hubapi.com`, or where a sandbox is. */
  readonly baseUrl: string;
  /** The token of a private app, of a project app with static auth, or a service key. */
  readonly accessToken: string;
  readonly apiVersion: HubspotApiVersion;
  /** From the first byte sent to the last one read, for each attempt. */
  readonly requestTimeoutMs: number;
  /** The time zone of the portal, at whose midnight the calls of the day begin anew; unknown where it is left out. */
  readonly timeZone?: string;
  readonly pace?: PaceLimits;
  readonly patience?: Patience;
}

/** One HTTP exchange with the portal; `status` is null when no answer came. */
export interface HubspotCall {
  readonly connection: string;
  readonly operation: string;
  readonly status: number | null;
  readonly durationMs: number;
}

/** A connection, what its answers told, and what is remembered of the portal: one per configured portal and process. */
export class Session {
  readonly config: HubspotConfig;
  readonly pace: Pace;
  readonly patience: Patience;
  /** By object name, as `describe` gave them last. */
  readonly definitions = new Map<string, RemoteObjectDefinition>();
  /** By object name. */
  readonly properties = new Map<string, Promise<ObjectProperties>>();
  /** By the pair of object names. */
  readonly associationTypes = new Map<string, Promise<readonly AssociationType[]>>();
  /** By what was asked for. */
  readonly archived = new Map<string, ArchivedSnapshot>();
  owners: Promise<OwnerDirectory> | null = null;
  usage: CrmUsage | null = null;
  clockOffsetMs = 0;
  readonly #onCall: ((call: HubspotCall) => void) | null;

  constructor(config: HubspotConfig, onCall: ((call: HubspotCall) => void) | null) {
    this.config = config;
    this.pace = new Pace(config.pace ?? USUAL_PACE);
    this.patience = config.patience ?? USUAL_PATIENCE;
    this.#onCall = onCall;
  }

  /** The portal's time, in epoch milliseconds. */
  nowMs(): number {
    return Date.now() + this.clockOffsetMs;
  }

  /** Takes from an answer what every answer tells: the allowances and the portal's clock. */
  observe(operation: string, exchange: HttpExchange | null, durationMs: number): void {
    this.#onCall?.({ connection: this.config.connection, operation, status: exchange?.status ?? null, durationMs });
    if (exchange === null) return;
    this.usage = readUsage(exchange.headers) ?? this.usage;
    const burst = readBurstLimit(exchange.headers);
    if (burst !== null && this.config.pace === undefined) this.pace.learn(burst);
    const dateMs = dateOf(exchange);
    if (dateMs !== null) this.clockOffsetMs = narrowOffset(this.clockOffsetMs, { ...exchange, dateMs });
  }
}
