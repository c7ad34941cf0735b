import type { z } from 'zod';

/** One thing that is wrong with one field of a body or a query. */
export interface FieldProblem {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** As callers write it: `customer.domain`, `evidence[2].url`; the body as a whole is `body`. */
export function formatFieldPath(path: readonly PropertyKey[]): string {
  if (path.length === 0) return 'body';
  return path.map((key, at) => (typeof key === 'number' ? `[${key}]` : `${at === 0 ? '' : '.'}${String(key).slice(0, 100)}`)).join('');
}

/**
 * The issues of zod by field. Unknown keys are named one by one; of a value that fits none of several shapes only the shapes' own sentence is kept.
 */
export function fieldProblemsOf(issues: readonly z.core.$ZodIssue[]): readonly FieldProblem[] {
  return issues.flatMap((issue) => {
    if (issue.code === 'unrecognized_keys')
      return issue.keys.map((key) => ({ path: [...issue.path, key], message: 'is not a known field' }));
    return [{ path: issue.path, message: issue.message }];
  });
}
