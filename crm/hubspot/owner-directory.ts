/** The owners of a portal, who are its people as records name them. */
export interface OwnerDirectory {
  /** The id by which records name an owner, by the id that histories name the same person by. */
  readonly ownerIdByUserId: ReadonlyMap<string, string>;
}
