import type { Progress } from './progress.ts';

/** What a running embedded system is known by: for what is played through it once it is ready, and for the closing table. */
export interface EmbeddedContext {
  readonly dataDir: string;
  readonly projectRoot: string;
  readonly apiUrl: string;
  readonly apiToken: string;
  /** Null where Temporal was given by TEMPORAL_ADDRESS: its UI is then unknown. */
  readonly temporalUiUrl: string | null;
  readonly temporalAddress: string;
  readonly temporalNamespace: string;
  readonly databaseUrl: string;
  /** Null where a real org is configured, or none is wanted. */
  readonly salesforceSandboxUrl: string | null;
  /** Null where a real portal is configured, or none is wanted. */
  readonly hubspotSandboxUrl: string | null;
  /** True when the data folder was made by this start: nothing was played yet. */
  readonly isFirstRun: boolean;
  readonly progress: Progress;
  /** Aborted when the run is asked to stop. */
  readonly signal: AbortSignal;
}

/** What was done, and what there is to try: each a line for people. */
export interface Story {
  readonly done: readonly string[];
  readonly tries: readonly string[];
}

/** Runs once the system is ready; what it answers goes into the closing table. It must stop soon when `context.signal` is aborted. */
export type AfterReady = (context: EmbeddedContext) => Promise<Story>;
