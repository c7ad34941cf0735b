import { createHash } from 'node:crypto';
import { canonicalJson } from '../program/canonical-json.ts';
import type { Instant } from '../program/vocabulary.ts';
import { insertAndRecord } from './audit.ts';
import type { Database, Transaction } from './database.ts';

/** A version of a program as it was written when it was first in force. */
export interface KeptVersion {
  readonly programId: string;
  readonly version: string;
  /** Of what the definition says; comments and the order of keys do not enter. */
  readonly digest: string;
  /** The values that were written, before defaults were filled in: a later release reads them like a file. */
  readonly definition: object;
  readonly firstUsedAt: Instant;
}

export function definitionDigest(written: object): string {
  return createHash('sha256').update(canonicalJson(written)).digest('hex');
}

/** Every version that was ever in force, of all programs, in order of program and first use. */
export async function readKeptVersions(db: Database | Transaction): Promise<readonly KeptVersion[]> {
  const rows = await db
    .selectFrom('program_version')
    .selectAll()
    .orderBy('program_id')
    .orderBy('first_used_at')
    .orderBy('version')
    .execute();
  return rows.map((row) => ({
    programId: row.program_id,
    version: row.version,
    digest: row.digest,
    definition: row.definition,
    firstUsedAt: row.first_used_at,
  }));
}

/** By program and version, for a look at what is new without reading the definitions. */
export async function readKeptDigests(db: Database): Promise<readonly Pick<KeptVersion, 'programId' | 'version' | 'digest'>[]> {
  const rows = await db.selectFrom('program_version').select(['program_id', 'version', 'digest']).execute();
  return rows.map((row) => ({ programId: row.program_id, version: row.version, digest: row.digest }));
}

/**
 * Keeps a version that comes into force, which the audit says with its digest. The first definition under a name stays: of two processes that keep different ones at the same moment, the later gets
 * the other's digest to read, and has to refuse its own.
 */
export async function keepVersion(db: Database, kept: KeptVersion): Promise<{ readonly digest: string }> {
  const { programId, version, digest, firstUsedAt } = kept;
  const insert = db
    .insertInto('program_version')
    .values({ program_id: programId, version, digest, definition: JSON.stringify(kept.definition), first_used_at: firstUsedAt })
    .onConflict((conflict) => conflict.columns(['program_id', 'version']).doNothing())
    .returning('version');
  await insertAndRecord(db, insert, {
    subject: `program/${programId}`,
    kind: 'put in force',
    actor: 'program',
    details: { version, digest },
    at: firstUsedAt,
  });
  return db
    .selectFrom('program_version')
    .select('digest')
    .where('program_id', '=', kept.programId)
    .where('version', '=', kept.version)
    .executeTakeFirstOrThrow();
}
