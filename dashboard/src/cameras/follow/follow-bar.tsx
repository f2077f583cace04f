import { useRef } from 'preact/hooks';
import type { Follow } from './use-follow.js';
import { FollowList } from './follow-list.js';
import { followTexts } from './follow-texts.js';

/** Beginning and ending to follow an object that one points at, or chooses by its name. */
export function FollowBar({ camera, follow }: { readonly camera: string; readonly follow: Follow }) {
  const { isPicking, setPicking, followed, notice, begin, miss, stop } = follow;
  const beginning = useRef<HTMLButtonElement>(null);
  return (
    <>
      <div class="row follow-bar">
        <button
          ref={beginning}
          type="button"
          class="secondary"
          aria-pressed={isPicking}
          onClick={() => setPicking(!isPicking)}
        >
          {followTexts.begin}
        </button>
        {followed !== undefined && (
          <button type="button" class="secondary" onClick={() => void stop()}>
            {followTexts.stop}
          </button>
        )}
        <span role="status" class={notice?.isBad === true ? 'fault' : 'quiet'}>
          {notice?.text ??
            (isPicking
              ? followTexts.hint
              : followed !== undefined && followTexts.followed(followed.label, followed.id))}
        </span>
      </div>
      {isPicking && (
        <FollowList
          camera={camera}
          onPick={(box, label) => {
            // The list goes, and the focus with it.
            beginning.current?.focus();
            void begin(box, label);
          }}
          onMiss={miss}
          onCancel={() => {
            beginning.current?.focus();
            setPicking(false);
          }}
        />
      )}
    </>
  );
}
