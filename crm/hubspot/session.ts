import type { CrmLog } from '../crm-log.ts';
import { dateOf, type HttpExchange } from '../http-exchange.ts';
import type { CapturePosition, CrmUsage, RemoteObjectDefinition } from '../port.ts';
import { narrowOffset } from '../server-clock.ts';
import type { SessionShelf } from '../session-shelf.ts';
import type { HubspotApiVersion } from './api-version.ts';
import type { ArchivedSnapshot } from './archived-snapshot.ts';
import type { AssociationType } from './association-type.ts';
import type { ObjectProperties } from './object-property.ts';
import type { OwnerDirectory } from './owner-directory.ts';
import { Pace, USUAL_PACE, type PaceLimits, type SharedPace } from './pace.ts';
import { USUAL_PATIENCE, type Patience } from './repeat-policy.ts';
import type { HubspotAuth, OauthRequest } from './sign-in.ts';
import { TokenSource } from './token-source.ts';
import { isDayOver, nextMidnightMs, readBurstLimit, readUsage } from './usage.ts';

export interface HubspotConfig {
  /** The name of the connection, as people and the log know it. */
  readonly connection: string;
  /** `https://api.hubapi.com`, or where a sandbox is. */
  readonly baseUrl: string;
  /** How the connection signs in; this, or `accessToken`. */
  readonly auth?: HubspotAuth;
  /** Short for `auth` by a fixed token: that of a private app, of a project app with static auth, or a service key. */
  readonly accessToken?: string;
  readonly apiVersion: HubspotApiVersion;
  /** From the first byte sent to the last one read, for each attempt. */
  readonly requestTimeoutMs: number;
  readonly pace?: PaceLimits;
  readonly patience?: Patience;
}

/** A configuration with the bare address and one way to sign in. */
export type CheckedConfig = Omit<HubspotConfig, 'accessToken' | 'auth'> & { readonly auth: HubspotAuth };

/** One HTTP exchange with the portal, those for a token included; `status` is null when no answer came. */
export interface HubspotCall {
  readonly connection: string;
  readonly operation: string;
  readonly status: number | null;
  readonly durationMs: number;
}

/** What a connection works with beside its configuration; all of it may be missing. */
export interface SessionParts {
  readonly log?: CrmLog | undefined;
  readonly onCall?: ((call: HubspotCall) => void) | undefined;
  /** Where processes share the access token that a refresh token got. */
  readonly shelf?: SessionShelf | undefined;
  /** Where processes share the limits of ten seconds and of searches. */
  readonly sharedPace?: SharedPace | undefined;
}

/** From this share of the day's calls on, it is worth a call to know when the day ends. */
const ASK_FROM_SHARE = 0.5;
const ASK_AGAIN_MS = 10 * 60_000;
/** Stands for the calls of a day where no answer tells how many there are: all of them are used, or none. */
const UNTOLD_LIMIT = 1;

/** A connection, what its answers told, and what is remembered of the portal: one per configured portal and process. */
export class Session {
  readonly config: CheckedConfig;
  readonly pace: Pace;
  readonly patience: Patience;
  readonly tokens: TokenSource;
  /** By object name, as `describe` gave them last. */
  readonly definitions = new Map<string, RemoteObjectDefinition>();
  /** By object name. */
  readonly properties = new Map<string, Promise<ObjectProperties>>();
  /** By the pair of object names. */
  readonly associationTypes = new Map<string, Promise<readonly AssociationType[]>>();
  /** By what was asked for. */
  readonly archived = new Map<string, ArchivedSnapshot>();
  /** By the same: the ids in the last list of archived records, and which have left it lately. */
  readonly listed = new Map<string, ReadonlySet<string>>();
  readonly unlisted = new Map<string, readonly CapturePosition[]>();
  owners: Promise<OwnerDirectory> | null = null;
  usage: CrmUsage | null = null;
  clockOffsetMs = 0;
  readonly #onCall: ((call: HubspotCall) => void) | null;
  #timeZone: string | null = null;
  #askedForZoneAtMs = -Infinity;

  constructor(config: CheckedConfig, { log, onCall, shelf, sharedPace }: SessionParts = {}) {
    const { connection, baseUrl, auth } = config;
    this.config = config;
    this.pace = new Pace({
      connection,
      limits: config.pace ?? USUAL_PACE,
      shared: sharedPace ?? null,
      onShared: (isShared) => {
        if (isShared) log?.info({ connection }, 'the limits of the portal are shared with other workers again');
        else
          log?.warn(
            { connection },
            'the store in which workers share the limits of the portal did not answer; each keeps to them by itself',
          );
      },
    });
    this.patience = config.patience ?? USUAL_PATIENCE;
    this.tokens = new TokenSource({
      connection,
      baseUrl,
      auth,
      log: log ?? null,
      shelf: shelf ?? null,
      request: () => this.oauthRequest('sign_in'),
    });
    this.#onCall = onCall ?? null;
  }

  /** The portal's time, in epoch milliseconds. */
  nowMs(): number {
    return Date.now() + this.clockOffsetMs;
  }

  /** How the token endpoint is called; `operation` for the count of calls. */
  oauthRequest(operation: string): OauthRequest {
    const { baseUrl, apiVersion: version, requestTimeoutMs: timeoutMs } = this.config;
    return {
      baseUrl,
      version,
      timeoutMs,
      nowMs: this.nowMs(),
      onExchange: (exchange, durationMs) => this.observe(operation, exchange, durationMs),
    };
  }

  /** Takes from an answer what every answer tells: the allowances and the portal's clock. */
  observe(operation: string, exchange: HttpExchange | null, durationMs: number): void {
    this.#onCall?.({ connection: this.config.connection, operation, status: exchange?.status ?? null, durationMs });
    if (exchange === null) return;
    const dateMs = dateOf(exchange);
    if (dateMs !== null) this.clockOffsetMs = narrowOffset(this.clockOffsetMs, { ...exchange, dateMs });
    const counted = readUsage(exchange.headers) ?? this.#uncounted(exchange);
    if (counted !== null) this.usage = this.#withReset(counted);
    const burst = readBurstLimit(exchange.headers);
    if (burst !== null && this.config.pace === undefined) this.pace.learn(burst);
  }

  /** When the calls of the day begin anew, by the portal's clock in epoch milliseconds; null where its time zone is not known. */
  get dayEndsAtMs(): number | null {
    return this.#timeZone === null ? null : nextMidnightMs(this.nowMs(), this.#timeZone);
  }

  /** True when so much of the day is used that its end matters, and nobody has asked for it lately. */
  wantsTimeZone(): boolean {
    const { usage } = this;
    if (this.#timeZone !== null || usage === null || usage.used < usage.limit * ASK_FROM_SHARE) return false;
    if (Date.now() - this.#askedForZoneAtMs < ASK_AGAIN_MS) return false;
    this.#askedForZoneAtMs = Date.now();
    return true;
  }

  learnTimeZone(name: string): void {
    this.#timeZone = name;
    if (this.usage !== null) this.usage = this.#withReset(this.usage);
  }

  /** Searches, and under OAuth all answers, tell nothing of the day but that it is over, or is not. */
  #uncounted(exchange: HttpExchange): CrmUsage | null {
    const limit = this.usage?.limit ?? UNTOLD_LIMIT;
    if (isDayOver(exchange)) return { used: limit, limit };
    return limit === UNTOLD_LIMIT && this.usage !== null && exchange.status < 300 ? { used: 0, limit } : null;
  }

  #withReset({ used, limit }: CrmUsage): CrmUsage {
    const { dayEndsAtMs } = this;
    if (dayEndsAtMs === null) return { used, limit };
    return { used, limit, resetsAt: new Date(dayEndsAtMs - this.clockOffsetMs).toISOString() };
  }
}
