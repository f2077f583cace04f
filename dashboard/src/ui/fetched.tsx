import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { texts } from '../texts.js';

/** A page that is fetched when it is first gone to. */
export function Fetched({ load }: { readonly load: () => Promise<ComponentType> }) {
  const [found, setFound] = useState<{ readonly Page: ComponentType }>();
  const [isMissing, setMissing] = useState(false);
  useEffect(() => {
    let isWanted = true;
    load().then(
      (Page) => isWanted && setFound({ Page }),
      () => isWanted && setMissing(true),
    );
    return () => {
      isWanted = false;
    };
  }, [load]);
  if (found !== undefined) return <found.Page />;
  // A server that was updated meanwhile has other files.
  if (isMissing)
    return (
      <p class="empty" role="alert">
        {texts.pageMissing}{' '}
        <button type="button" class="plain" onClick={() => location.reload()}>
          {texts.reload}
        </button>
      </p>
    );
  return <p class="empty">{texts.loading}</p>;
}
