/** What an org's processes write to a record by themselves. Source: Metadata API Developer Guide, "Workflow", "WorkflowFieldUpdate". */

import { z } from 'zod';
import type { Component } from '../metadata/component.ts';
import { listOf } from '../screen/element-list.ts';

export const workflowFile = z.object({
  fieldUpdates: listOf(
    z.object({
      fullName: z.string(),
      field: z.string(),
      operation: z.enum(['Literal', 'Formula', 'Null', 'LookupValue']),
      literalValue: z.string().optional(),
      formula: z.string().optional(),
      lookupValue: z.string().optional(),
    }),
  ),
});

export interface FieldUpdate {
  readonly name: string;
  readonly field: string;
  readonly to:
    | { readonly kind: 'literal'; readonly value: string }
    | { readonly kind: 'formula'; readonly formula: string }
    /** A user, by name. */
    | { readonly kind: 'lookup'; readonly username: string }
    | { readonly kind: 'null' };
}

/** The field updates of a workflow; none of what no deployment would take. */
export function fieldUpdatesOf(component: Component): readonly FieldUpdate[] {
  const parsed = workflowFile.safeParse(component.content);
  return (parsed.data?.fieldUpdates ?? []).map((each) => ({ name: each.fullName, field: each.field, to: targetOf(each) }));
}

function targetOf(file: z.infer<typeof workflowFile>['fieldUpdates'][number]): FieldUpdate['to'] {
  switch (file.operation) {
    case 'Literal':
      return { kind: 'literal', value: file.literalValue ?? '' };
    case 'Formula':
      return { kind: 'formula', formula: file.formula ?? '' };
    case 'LookupValue':
      return { kind: 'lookup', username: file.lookupValue ?? '' };
    case 'Null':
      return { kind: 'null' };
  }
}
