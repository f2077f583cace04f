import { useEffect, useState } from 'preact/hooks';
import './picture.css';

/** A stored picture, fetched when it comes into sight; a plain field where it is kept no more. */
export function Picture({ address, alt }: { readonly address: string; readonly alt: string }) {
  const [isMissing, setMissing] = useState(false);
  useEffect(() => setMissing(false), [address]);
  if (isMissing) return <span class="picture" />;
  return <img class="picture" loading="lazy" src={address} alt={alt} onError={() => setMissing(true)} />;
}
