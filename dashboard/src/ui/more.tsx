import type { Paged } from './use-paged.js';
import { uiTexts } from './ui-texts.js';

/** At the end of a list that comes page by page: fetches the next one, and says why it did not come. */
export function More({ paged }: { readonly paged: Paged<unknown> }) {
  const { more, isFetching, fault } = paged;
  return (
    <>
      {fault !== undefined && (
        <p class="fault" role="alert">
          {fault}
        </p>
      )}
      <button type="button" class="secondary" aria-disabled={isFetching} onClick={more}>
        {uiTexts.more}
      </button>
    </>
  );
}
