import type { AccountBook, AccessTable } from './account-book.js';
import type { Caller } from './caller.js';

/** Which cameras stand on the wall side by side, and how. */
export interface WallLayout {
  /** One of each name. */
  readonly name: string;
  /** Ids in their order; some may be gone. */
  readonly cameras: readonly string[];
  /** Whatever fits when absent. */
  readonly columns?: number | undefined;
}

/** The layouts of the wall that each user has made, in the order in which they were: they follow a person to another workstation. */
export class WallLayouts {
  readonly #book: AccountBook;
  readonly #table: AccessTable;

  constructor(options: { book: AccountBook; table: AccessTable }) {
    this.#book = options.book;
    this.#table = options.table;
  }

  /** Those of the user who asks. @throws {AppError} `store/read-failed` and the like */
  async of({ userId = '' }: Caller): Promise<readonly WallLayout[]> {
    const kept = await this.#table.read('layouts', userId);
    return kept === undefined ? [] : (JSON.parse(kept) as WallLayout[]);
  }

  /**
   * Keeps all layouts of the user who asks, in the place of those before.
   *
   * @param check is given those before, and may refuse
   * @throws {AppError} `access/busy`, `store/write-failed` and the like, what `check` throws
   */
  async keep(
    caller: Caller,
    layouts: readonly WallLayout[],
    check: (before: readonly WallLayout[]) => void,
  ): Promise<void> {
    await this.#book.alone(async () => {
      check(await this.of(caller));
      await this.#table.write('keepLayouts', caller.userId ?? '', JSON.stringify(layouts));
    });
  }
}
