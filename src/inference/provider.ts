/** The execution provider that sessions run on. */
export const PROVIDER = 'cpu';
