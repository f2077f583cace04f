import type { Methods, TableName, TableOf } from '../tables.js';

/** The same methods, each with a promise of its result. */
type Promised<Kind extends Methods> = {
  readonly [Name in keyof Kind]: Kind[Name] extends (...args: infer Arguments) => infer Result
    ? (...args: Arguments) => Promise<Result>
    : never;
};

/** What an area of the embedded database can be asked, over PostgreSQL: one that lacks a method is refused by the compiler. */
export interface TwinOf<Name extends TableName> {
  /** Within a transaction of the writer. */
  readonly writes: Promised<TableOf<Name>['writes']>;
  readonly reads: Promised<TableOf<Name>['reads']>;
}
