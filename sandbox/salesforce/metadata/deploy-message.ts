/** What a deployment says of one component. Source: Metadata API Developer Guide, "DeployMessage". */

export interface DeployMessage {
  readonly componentType: string;
  readonly fullName: string;
  /** Its file in the package. */
  readonly fileName: string;
  /** Null for a component that was deployed without a remark. */
  readonly problem: string | null;
  readonly problemType: 'Error' | 'Warning' | null;
  readonly line: number | null;
  readonly column: number | null;
  readonly change: 'created' | 'changed' | 'deleted' | 'none';
  readonly id: string | null;
}

export function problemMessage(
  place: Pick<DeployMessage, 'componentType' | 'fullName' | 'fileName'> & Partial<Pick<DeployMessage, 'line' | 'column'>>,
  problem: string,
): DeployMessage {
  return { line: null, column: null, ...place, problem, problemType: 'Error', change: 'none', id: null };
}
