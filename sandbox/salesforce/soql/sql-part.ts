/** A piece of SQL with the values bound to its question marks, in order. */
export interface SqlPart {
  readonly sql: string;
  readonly values: readonly SqlValue[];
}

export type SqlValue = string | number;

/** The name under which `runQuery` registers Unicode lower-casing, since SQLite folds ASCII letters only. */
export const FOLD_FUNCTION = 'soql_fold';

/** Stands for GROUPING() until it is known in which grouping set it is asked. */
export const GROUPING_FUNCTION = 'soql_grouping';

export function plain(sql: string): SqlPart {
  return { sql, values: [] };
}

/** SQLite refuses expressions deeper than 1,000, and reads a chain as a tree that leans to one side. */
const LONGEST_CHAIN = 200;

/** The parts joined by `separator`, in parentheses where there are several; long chains are nested so that they stay shallow. */
export function joinParts(parts: readonly SqlPart[], separator: 'AND' | 'OR'): SqlPart {
  if (parts.length > LONGEST_CHAIN) {
    const middle = Math.ceil(parts.length / 2);
    return joinParts([joinParts(parts.slice(0, middle), separator), joinParts(parts.slice(middle), separator)], separator);
  }
  const sql = parts.map((part) => part.sql).join(` ${separator} `);
  return { sql: parts.length > 1 ? `(${sql})` : sql, values: parts.flatMap((part) => part.values) };
}

/** Text of the schema as an SQL literal. Text of a query never goes this way: it is bound. */
export function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
