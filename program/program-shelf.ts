import type { Program } from './definition/program.ts';

/** The program definitions that are in use. A registration is judged by the version that was current at its receipt, whatever is current later. */
export interface ProgramShelf {
  /** The version that new registrations are pinned to. */
  current(): Program;
  /** Null for a version that is not on the shelf. */
  byVersion(version: string): Program | null;
}
