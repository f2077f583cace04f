/** Runs each task that it is given after all that it was given before, whether those succeeded or not. */
export type OneByOne = <T>(task: () => Promise<T>) => Promise<T>;

/** For requests whose answers would otherwise come in any order. */
export function oneByOne(): OneByOne {
  let before: Promise<unknown> = Promise.resolve();
  return (task) => {
    // Both ways: a failure is told to those who asked for the failed task alone.
    const mine = before.then(task, task);
    before = mine;
    return mine;
  };
}
